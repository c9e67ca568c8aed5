// Our tiles, read by the decoder that map libraries themselves use: layers, names, rings that turn the right
// way, points that lie on their tile, and counts that add up from far to near.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { VectorTile, classifyRings } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';

const base = process.env.PEYVAND_BASE;

async function tile(z, x, y, query = '') {
  const answer = await fetch(`${base}/tiles/${z}/${x}/${y}.mvt${query}`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/vnd.mapbox-vector-tile');
  const { layers } = new VectorTile(new PbfReader(new Uint8Array(await answer.arrayBuffer())));
  return layers;
}

const features = (layer) => Array.from({ length: layer?.length ?? 0 }, (_, n) => layer.feature(n));

async function somePlace() {
  const { features: all } = await (await fetch(`${base}/api/v1/requests.geojson`)).json();
  return all.find((feature) => feature.geometry);
}

function tileOf([long, lat], z) {
  const side = 2 ** z;
  const rad = (lat * Math.PI) / 180;
  return [Math.floor(((long + 180) / 360) * side), Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * side)];
}

const count = (layer) => features(layer).reduce((sum, one) => sum + one.properties.n, 0);

test('districts are polygons with names, and outer rings turn clockwise', async () => {
  const { geometry } = await somePlace();
  for (const z of [8, 10, 12, 14]) {
    const layers = await tile(z, ...tileOf(geometry.coordinates, z));
    const districts = features(layers.districts);
    assert.ok(districts.length > 0, `zoom ${z}`);
    for (const district of [...districts, ...features(layers.neighbourhoods)]) {
      assert.equal(district.type, 3);
      assert.equal(district.extent, 4096);
      assert.ok(district.properties.name && district.properties.name_en && district.properties.name_fa);
      const rings = district.loadGeometry();
      for (const polygon of classifyRings(rings)) assert.ok(area(polygon[0]) > 0, 'the outer ring of a polygon');
      for (const { x, y } of rings.flat()) {
        assert.ok(x >= -64 && x <= 4160 && y >= -64 && y <= 4160, `${x},${y} is far from its tile`);
      }
    }
    assert.equal(features(layers.neighbourhoods).length > 0, z >= 10);
  }
});

function area(ring) {
  let sum = 0;
  for (let n = 0; n < ring.length - 1; n += 1) sum += ring[n].x * ring[n + 1].y - ring[n + 1].x * ring[n].y;
  return sum;
}

test('labels are points of two kinds, each on one tile only', async () => {
  const { geometry } = await somePlace();
  const [x, y] = tileOf(geometry.coordinates, 12);
  const names = [];
  for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
    for (const label of features((await tile(12, x + dx, y + dy)).labels)) {
      assert.equal(label.type, 1);
      assert.ok(['district', 'neighbourhood'].includes(label.properties.kind));
      assert.ok(label.properties.name);
      names.push(`${label.properties.kind} ${label.properties.code}`);
    }
  }
  assert.ok(names.length > 0);
  assert.equal(new Set(names).size, names.length, 'nothing has its name on two tiles');
});

test('a request is one mark near by, with its code, and is counted far out', async () => {
  const { geometry, properties } = await somePlace();
  const near = features((await tile(16, ...tileOf(geometry.coordinates, 16))).requests);
  const mine = near.find((one) => one.properties.code === properties.code);
  assert.ok(mine, 'the request is on its tile');
  assert.equal(mine.properties.n, 1);
  assert.equal(mine.properties.open, properties.open ? 1 : 0);
  const [long, lat] = mine.toGeoJSON(...tileOf(geometry.coordinates, 16), 16).geometry.coordinates;
  assert.ok(Math.abs(long - geometry.coordinates[0]) < 1e-5 && Math.abs(lat - geometry.coordinates[1]) < 1e-5);

  const [x, y] = tileOf(geometry.coordinates, 13);
  const parts = await Promise.all([[0, 0], [1, 0], [0, 1], [1, 1]].map(([dx, dy]) => tile(14, 2 * x + dx, 2 * y + dy)));
  const whole = count((await tile(13, x, y)).requests);
  assert.equal(parts.reduce((sum, part) => sum + count(part.requests), 0), whole, 'four tiles hold what one holds');
  const [open, over] = await Promise.all(['open', 'closed'].map((status) => tile(13, x, y, `?status=${status}`)));
  assert.equal(count(open.requests) + count(over.requests), whole, 'everything is open or over');
});

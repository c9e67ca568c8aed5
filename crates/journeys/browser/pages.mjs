// Every page that a citizen can open, by a name that people use. A page whose address depends on what is
// in the city finds its address when it is asked.

import { base } from './people.mjs';

const fixed = (path) => async () => path;

export const pages = {
  home: fixed('/'),
  'report: service': fixed('/report/service'),
  'report: beginning': fixed('/report'),
  track: fixed('/track'),
  'list of requests': fixed('/requests'),
  'list, nothing found': fixed('/requests?q=zzqqxx'),
  map: fixed('/map'),
  'one request': async () => `/requests/${await someCode()}`,
  services: fixed('/services'),
  about: fixed('/about'),
  'design system': fixed('/design'),
};

let known;

/** The code of some public request of the demo city. */
export async function someCode() {
  known ??= fetch(`${base}/api/v1/requests.geojson`).then(async (answer) => {
    if (!answer.ok) throw new Error(`requests.geojson answers ${answer.status}`);
    const { features } = await answer.json();
    const code = features[0]?.properties?.code ?? features[0]?.id;
    if (!code) throw new Error('the demo city has no public request');
    return code;
  });
  return known;
}

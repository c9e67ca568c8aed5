// <peyvand-map>: the city's own borders and labels as the base map, requests as dots, or one pin to place.
//
//   mode    "view" (default), "pick", or "here": no map at all, only the device's own position
//   center  "lon,lat"    zoom  number    bounds  "west,south,east,north" (first view, and how far one may stray)
//   pin     "lon,lat" to show in view mode
//   marks   requests as GeoJSON to show instead of those in the tiles: what the list beside the map shows
//   route   "lon,lat;lon,lat" to show as a line with numbered stops, instead of requests
//   query   filters for the tiles, as in the address of the list: "status=open&district=3"
//   href    where a request lives; its code is put at the end
//   lat, long   in pick mode: ids of the two inputs that take the place
//
// All words come from data-* attributes, all colours from the style sheet. Whatever stands inside the element
// is shown until the map is drawn, and stays when it cannot be. The library (240 kB) is fetched only once the
// element comes into sight.

const here = (file) => new URL(file, import.meta.url).href;
const LIBRARY = here("../vendor/maplibre-gl/maplibre-gl.mjs");
const LIBRARY_STYLE = here("../vendor/maplibre-gl/maplibre-gl.css");
const FONT = here("../fonts/vazirmatn.woff2");
const SPRITE = here("../icons/sprite.svg");
// The name in the language of the page, where the tiles have one.
const NAME = `name_${document.documentElement.lang}`;
const numbers = (text) => (text ?? "").split(",").map(Number);
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

class PeyvandMap extends HTMLElement {
  connectedCallback() {
    if (this.getAttribute("mode") === "here") return this.onlyHere();
    this.sight = new IntersectionObserver(([seen]) => {
      if (!seen.isIntersecting) return;
      this.sight.disconnect();
      this.start().catch(() => this.giveUp());
    }, { rootMargin: "200px" });
    this.sight.observe(this);
  }

  disconnectedCallback() {
    this.sight?.disconnect();
    this.map?.remove();
  }

  async start() {
    const { Map, Marker } = await loaded();
    this.Marker = Marker;
    this.frame = element("div", "map-frame");
    if (this.dataset.frame) this.frame.classList.add(this.dataset.frame);
    this.prepend(this.frame);
    this.setAttribute("ready", "");
    const edge = this.getAttribute("bounds") ? numbers(this.getAttribute("bounds")) : null;
    const view = this.hasAttribute("center")
      ? { center: numbers(this.getAttribute("center")), zoom: Number(this.getAttribute("zoom") ?? 12) }
      : { bounds: edge, fitBoundsOptions: { padding: 12 } };
    this.map = new Map({
      container: this.frame,
      style: this.look(),
      ...view,
      maxBounds: edge && [edge[0] - 0.25, edge[1] - 0.2, edge[2] + 0.25, edge[3] + 0.2],
      minZoom: 8, maxZoom: 18,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      fadeDuration: calm() ? 0 : 150,
      locale: { "Map.Title": this.dataset.title ?? "" },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.setMissingStyleImageResolver((id) => this.draw(id));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      for (const id of this.map.listImages()) this.map.removeImage(id);
      this.map.setStyle(this.look());
    });
    this.tools();
    if (this.getAttribute("mode") === "pick") this.pick();
    else this.view();
  }

  giveUp() {
    this.frame?.remove();
    this.removeAttribute("ready");
    this.setAttribute("failed", "");
  }

  colour(name) {
    return getComputedStyle(this).getPropertyValue(`--${name}`).trim();
  }

  look() {
    const c = (name) => this.colour(name);
    const query = this.getAttribute("query");
    const tiles = (this.getAttribute("tiles") ?? "/tiles/{z}/{x}/{y}.mvt") + (query ? `?${query}` : "");
    const route = this.route();
    const dots = this.getAttribute("mode") !== "pick" && !this.hasAttribute("pin") && !route;
    const layer = (id, type, from, rest) => ({ id, type, source: "city", "source-layer": from, ...rest });
    const marks = this.marks();
    const own = (id, type, _, rest) => ({ id, type, source: "marks", ...rest });
    const label = (id, kind, size, minzoom, maxzoom) => layer(id, "symbol", "labels", {
      minzoom, maxzoom, filter: ["==", ["get", "kind"], kind],
      layout: { "text-field": ["coalesce", ["get", NAME], ["get", "name"]], "text-font": ["Vazirmatn"], "text-size": size, "text-max-width": 7, "text-padding": 6 },
      paint: { "text-color": c("map-label"), "text-halo-color": c("map-halo"), "text-halo-width": 1.5 },
    });
    return {
      version: 8,
      "font-faces": { Vazirmatn: FONT },
      sources: { city: { type: "vector", tiles: [new URL(tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")], minzoom: 6, maxzoom: 16 }, ...(marks ? { marks: { type: "geojson", data: marks } } : {}), ...(route ? { route: { type: "geojson", data: route } } : {}) },
      layers: [
        { id: "outside", type: "background", paint: { "background-color": c("map-outside") } },
        layer("district", "fill", "districts", { paint: { "fill-color": c("map-land") } }),
        layer("neighbourhood", "fill", "neighbourhoods", { paint: { "fill-opacity": 0 } }),
        layer("neighbourhood-edge", "line", "neighbourhoods", { minzoom: 11.5, paint: { "line-color": c("map-border-soft"), "line-width": 1 } }),
        layer("district-edge", "line", "districts", { layout: { "line-join": "round" }, paint: { "line-color": c("map-border"), "line-width": ["interpolate", ["linear"], ["zoom"], 9, 1, 14, 2.5] } }),
        label("neighbourhood-name", "neighbourhood", 13, 12, 24),
        label("district-name", "district", 14, 8, 12),
        ...(dots ? this.requestLayers(marks ? own : layer, c) : []),
        ...(route ? this.routeLayers(c) : []),
      ],
    };
  }

  marks() {
    try { return JSON.parse(this.getAttribute("marks") ?? "null"); } catch { return null; }
  }

  // Stops in the order in which somebody goes to them.
  route() {
    const stops = (this.getAttribute("route") ?? "").split(";").filter(Boolean).map(numbers);
    if (stops.length === 0) return null;
    const n = new Intl.NumberFormat(document.documentElement.lang);
    const feature = (type, coordinates, properties = {}) => ({ type: "Feature", properties, geometry: { type, coordinates } });
    const points = stops.map((stop, at) => feature("Point", stop, { n: n.format(at + 1) }));
    return { type: "FeatureCollection", features: [...(stops.length > 1 ? [feature("LineString", stops)] : []), ...points] };
  }

  routeLayers(c) {
    const layer = (id, type, shape, rest) => ({ id, type, source: "route", filter: ["==", ["geometry-type"], shape], ...rest });
    return [
      layer("route", "line", "LineString", { paint: { "line-color": c("lajevard"), "line-width": 4, "line-dasharray": [2, 1] } }),
      layer("stop", "circle", "Point", { paint: { "circle-color": c("firouzeh"), "circle-radius": 14, "circle-stroke-color": c("surface"), "circle-stroke-width": 2 } }),
      layer("stop-number", "symbol", "Point", { layout: { "text-field": ["get", "n"], "text-font": ["Vazirmatn"], "text-size": 15, "text-allow-overlap": true }, paint: { "text-color": c("on-firouzeh") } }),
    ];
  }

  // One request is a shape, several are a disc with their number; nothing is told by colour alone.
  requestLayers(layer, c) {
    const n = ["coalesce", ["get", "n"], 1];
    const radius = ["interpolate", ["linear"], ["sqrt", n], 1, 11, 10, 20, 40, 30, 100, 38];
    return [
      layer("one", "symbol", "requests", {
        filter: ["<=", n, 1],
        layout: {
          "icon-image": ["case", [">", ["coalesce", ["get", "late"], 0], 0], "late", [">", ["coalesce", ["get", "open"], 1], 0], "open", "shut"],
          "icon-allow-overlap": true,
        },
      }),
      layer("many", "circle", "requests", {
        filter: [">", n, 1],
        paint: { "circle-color": c("firouzeh"), "circle-radius": radius, "circle-opacity": 0.9, "circle-stroke-color": c("surface"), "circle-stroke-width": 2 },
      }),
      layer("many-number", "symbol", "requests", {
        filter: [">", n, 1],
        layout: {
          "text-field": ["number-format", n, { locale: document.documentElement.lang }],
          "text-font": ["Vazirmatn"], "text-size": 14, "text-allow-overlap": true,
        },
        paint: { "text-color": c("on-firouzeh") },
      }),
    ];
  }

  draw(id) {
    const scale = 2, size = 22 * scale, half = size / 2;
    const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
    const pen = canvas.getContext("2d");
    pen.lineWidth = 2.5 * scale;
    pen.beginPath();
    if (id === "late") {
      pen.moveTo(half, 4); pen.lineTo(size - 4, half); pen.lineTo(half, size - 4); pen.lineTo(4, half); pen.closePath();
    } else if (id === "open" || id === "shut") pen.arc(half, half, half - 6, 0, 7);
    else return;
    pen.fillStyle = this.colour(id === "late" ? "anar" : id === "open" ? "firouzeh" : "surface");
    pen.strokeStyle = this.colour(id === "shut" ? "sabz" : "surface");
    pen.fill();
    pen.stroke();
    this.map.addImage(id, pen.getImageData(0, 0, size, size), { pixelRatio: scale });
  }

  tools() {
    const box = element("div", "map-tools");
    const add = (icon, words, act) => {
      if (!words) return;
      const button = element("button", "btn", { type: "button", ariaLabel: words, title: words });
      button.append(picture(icon));
      button.addEventListener("click", act);
      box.append(button);
    };
    const quick = () => ({ duration: calm() ? 0 : 200 });
    add("plus", this.dataset.in, () => this.map.zoomIn(quick()));
    add("minus", this.dataset.out, () => this.map.zoomOut(quick()));
    this.frame.append(box);
  }

  view() {
    if (this.hasAttribute("pin")) {
      const pin = element("div", "map-pin");
      pin.append(picture("pin"));
      new this.Marker({ element: pin, anchor: "bottom" }).setLngLat(numbers(this.getAttribute("pin"))).addTo(this.map);
      return;
    }
    const { map } = this;
    if (this.hasAttribute("route")) {
      const stops = this.getAttribute("route").split(";").filter(Boolean).map(numbers);
      const side = (at, pick) => pick(...stops.map((stop) => stop[at]));
      if (stops.length > 1) map.fitBounds([[side(0, Math.min), side(1, Math.min)], [side(0, Math.max), side(1, Math.max)]], { padding: 40, maxZoom: 16, duration: 0 });
      return;
    }
    map.on("click", (event) => {
      this.card?.remove();
      const [hit] = map.queryRenderedFeatures(event.point, { layers: ["one", "many"] });
      if (!hit) return;
      if (hit.properties.n > 1) {
        map.easeTo({ center: hit.geometry.coordinates, zoom: map.getZoom() + 2, duration: calm() ? 0 : 300 });
      } else if (hit.properties.code) {
        this.card = element("p", "map-card");
        const link = element("a", "more", { href: this.getAttribute("href") + hit.properties.code });
        link.textContent = hit.properties.title ?? this.dataset.open ?? hit.properties.code;
        this.card.append(link);
        this.frame.append(this.card);
        link.focus();
      }
    });
    for (const id of ["one", "many"]) {
      map.on("mouseenter", id, () => { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", id, () => { map.getCanvas().style.cursor = ""; });
    }
  }

  // A pin can be put down in four ways, so that no one needs to drag: a tap, the button that takes the centre,
  // the arrow keys, and the device's own position.
  pick() {
    const words = this.dataset;
    this.lat = document.getElementById(this.getAttribute("lat"));
    this.long = document.getElementById(this.getAttribute("long"));
    this.said = element("p", "map-said", { role: "status" });
    this.said.textContent = words.start ?? "";
    const actions = element("div", "row map-actions");
    const act = (icon, text, run) => {
      if (!text) return;
      const button = element("button", "btn quiet", { type: "button" });
      button.append(picture(icon), text);
      button.addEventListener("click", run);
      actions.append(button);
    };
    if (navigator.geolocation) act("here", words.here, () => this.locate());
    act("pin", words.centre, () => this.put(this.map.getCenter()));
    this.frame.before(actions);
    this.frame.after(this.said);
    this.cross = picture("plus");
    this.cross.classList.add("map-cross");
    this.frame.append(this.cross);
    this.map.on("click", (event) => this.put(event.lngLat));
    if (this.lat?.value && this.long?.value) {
      this.map.once("load", () => this.put({ lat: Number(this.lat.value), lng: Number(this.long.value) }, true));
    }
  }

  put(place, move = false) {
    if (!this.pin) {
      const knob = element("button", "map-pin", { type: "button", ariaLabel: this.dataset.pin ?? "" });
      knob.append(picture("pin"));
      knob.addEventListener("keydown", (event) => this.nudge(event));
      this.pin = new this.Marker({ element: knob, anchor: "bottom", draggable: true }).setLngLat(place).addTo(this.map);
      this.pin.on("dragend", () => this.put(this.pin.getLngLat()));
      this.cross.remove();
    }
    this.pin.setLngLat(place);
    if (move) this.map.easeTo({ center: place, zoom: Math.max(this.map.getZoom(), 15), duration: calm() ? 0 : 300 });
    const { lat, lng } = this.pin.getLngLat();
    this.lat.value = lat.toFixed(6);
    this.long.value = lng.toFixed(6);
    this.lat.dispatchEvent(new Event("input", { bubbles: true }));
    clearTimeout(this.naming);
    this.naming = setTimeout(() => this.map.once("idle", () => this.name()) && this.map.triggerRepaint(), 250);
  }

  // The neighbourhood's name is already in the tiles; no question to the server is needed.
  name() {
    const point = this.map.project(this.pin.getLngLat());
    const found = this.map.queryRenderedFeatures(point, { layers: ["neighbourhood", "district"] });
    const named = (id) => found.find((feature) => feature.layer.id === id)?.properties;
    const between = document.documentElement.dir === "rtl" ? "، " : ", ";
    const place = [named("neighbourhood"), named("district")].map((at) => at?.[NAME] ?? at?.name).filter(Boolean).join(between);
    const words = place ? this.dataset.placed ?? "{place}" : this.dataset.outside ?? "";
    this.said.textContent = words.replace("{place}", place);
  }

  nudge(event) {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 48 : 8;
    const at = this.map.project(this.pin.getLngLat());
    const place = this.map.unproject([at.x + step[0] * far, at.y + step[1] * far]);
    this.put(place);
    if (!this.map.getBounds().contains(place)) this.map.panTo(place, { duration: 0 });
  }

  // A city whose borders nobody has drawn has nothing to show on a map, but a phone still knows where it is.
  onlyHere() {
    this.setAttribute("ready", "");
    this.lat = document.getElementById(this.getAttribute("lat"));
    this.long = document.getElementById(this.getAttribute("long"));
    this.said = element("p", "map-said", { role: "status" });
    if (this.lat.value && this.long.value) this.said.textContent = this.dataset.placed ?? "";
    if (navigator.geolocation) {
      const actions = element("div", "row map-actions");
      const button = element("button", "btn quiet", { type: "button" });
      button.append(picture("here"), this.dataset.here);
      button.addEventListener("click", () => this.locate());
      actions.append(button);
      this.prepend(actions);
    }
    this.append(this.said);
    this.put = ({ lat, lng }) => {
      this.lat.value = lat.toFixed(6);
      this.long.value = lng.toFixed(6);
      this.said.textContent = this.dataset.placed ?? "";
      this.lat.dispatchEvent(new Event("input", { bubbles: true }));
    };
  }

  locate() {
    this.said.textContent = this.dataset.asking ?? "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.put({ lat: coords.latitude, lng: coords.longitude }, true),
      () => { this.said.textContent = this.dataset.denied ?? ""; },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  }
}

let library;
function loaded() {
  library ??= Promise.all([import(LIBRARY), sheet()]).then(([module]) => module);
  return library;
}

function sheet() {
  return new Promise((done) => {
    const link = element("link", "", { rel: "stylesheet", href: LIBRARY_STYLE, onload: done, onerror: done });
    // Before our own sheet, so that ours has the last word.
    document.head.prepend(link);
  });
}

function element(name, classes, properties = {}) {
  return Object.assign(document.createElement(name), { className: classes }, properties);
}

function picture(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

customElements.define("peyvand-map", PeyvandMap);

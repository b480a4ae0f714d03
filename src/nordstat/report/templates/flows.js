{
  const data = JSON.parse(document.getElementById("flow-data").textContent);
  const box = (name) => document.getElementById(`flow-${name}`);
  const drawing = document.querySelector("#flow-map svg");
  const language = () => document.documentElement.lang;
  const said = (key) => data.words[key][language()];
  const number = (value) => (value === null ? "…" : new Intl.NumberFormat(language(), { maximumFractionDigits: 10 }).format(value));
  const name = (at) => data.words[data.places[at][0]]?.[language()] ?? data.places[at][0];
  const chosen = { ...data.first };

  function offer(what, values, text) {
    if (!values.includes(chosen[what])) chosen[what] = values[0];
    box(what).replaceChildren(...values.map((value) => new Option(text(value), value, false, value === chosen[what])));
  }

  function choices() {
    const distinct = (name, maps) => [...new Set(maps.map((one) => one[name]))];
    const ofSeries = () => data.maps.filter((one) => one.series === chosen.series);
    offer("series", distinct("series", data.maps), (value) => data.series[value][language()]);
    offer("period", distinct("period", ofSeries()).sort().reverse(), (value) => value);
    offer("direction", distinct("direction", ofSeries().filter((one) => one.period === chosen.period)), (value) => said(`direction ${value}`));
  }

  function make(name, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // A line bends to the right of its way, so that both ways between two places are seen.
  function line([home, job, value], most, colour, scale) {
    const [, , x, y] = data.places[home], [, , u, v] = data.places[job];
    const bend = [(x + u) / 2 - (v - y) * 0.12, (y + v) / 2 + (u - x) * 0.12];
    const drawn = make("g", { stroke: colour });
    const told = make("title", {});
    told.textContent = `${name(home)} → ${name(job)}: ${number(value)}`;
    drawn.append(
      told,
      make("path", { d: `M${x} ${y}Q${bend} ${u} ${v}`, "stroke-width": width(value, most), "stroke-opacity": 0.7, "vector-effect": "non-scaling-stroke" }),
      make("circle", { cx: u, cy: v, r: 3 * scale, fill: colour, stroke: "none" }),
    );
    return drawn;
  }

  const width = (value, most) => Math.max(1, (10 * value) / most);

  // The part of the map that holds the lines, with room around them, as high as three quarters of its width or more.
  function frame(lines) {
    const ends = lines.flatMap(([home, job]) => [data.places[home], data.places[job]]);
    const [xs, ys] = [2, 3].map((axis) => ends.map((place) => place[axis]));
    const [left, right, top, low] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const side = Math.max(right - left, low - top, data.size[0] / 6) * 1.2;
    drawing.setAttribute("viewBox", [(left + right - side) / 2, (top + low - side) / 2, side, side].join(" "));
    return side / 640;
  }

  function row(flow) {
    const [home, job, value, source, low = value, high = value] = flow;
    const cells = [...[home, job].map((at) => `${name(at)} (${data.places[at][1]})`), number(value), `${number(low)} – ${number(high)}`, source];
    const made = document.createElement("tr");
    for (const text of cells) made.insertCell().textContent = text;
    return made;
  }

  function legend(most, colour) {
    box("key").replaceChildren(...[1, 0.5, 0.1].map((part) => Math.round(most * part)).filter((value, at, all) => value > 0 && all.indexOf(value) === at).map((value) => {
      const made = document.createElement("span"), bar = document.createElement("span");
      Object.assign(bar.style, { height: `${width(value, most)}px`, background: colour });
      made.append(bar, number(value));
      return made;
    }));
  }

  function draw() {
    choices();
    const map = data.maps.find((one) => ["series", "period", "direction"].every((name) => one[name] === chosen[name]));
    const most = map.lines[0][2], colour = data.colours[map.direction], scale = frame(map.lines);
    box("lines").replaceChildren(...map.lines.map((flow) => line(flow, most, colour, scale)));
    document.querySelector("#flow-table tbody").replaceChildren(...map.lines.map(row));
    legend(most, colour);
    const largest = map.lines.slice(0, 3).map(([home, job, value]) => `${name(home)} → ${name(job)} ${number(value)}`);
    const values = {
      drawn: number(map.lines.length), flows: number(map.flows), total: number(map.total), largest: largest.join("; "),
      value: number(map.lines.reduce((sum, flow) => sum + flow[2], 0)), measure: said(`measure ${map.measure}`),
      direction: said(`direction ${map.direction}`), period: map.period,
    };
    box("words").textContent = said("map_summary").replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  for (const name of ["series", "period", "direction"]) box(name).addEventListener("change", (event) => {
    chosen[name] = name === "series" ? Number(event.target.value) : event.target.value;
    draw();
  });
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["lang"] });
  draw();
}

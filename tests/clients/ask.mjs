import { QueryEngine } from "@comunica/query-sparql";

const [address, query] = process.argv.slice(2);
const engine = new QueryEngine();
const found = await engine.query(query, { sources: [{ type: "sparql", value: address }] });
if (found.resultType === "boolean") {
  console.log(await found.execute());
} else if (found.resultType === "quads") {
  console.log((await (await found.execute()).toArray()).length);
} else {
  for (const row of await (await found.execute()).toArray()) {
    console.log([...row].map(([name, term]) => `${name.value}=${term.value}`).join(" "));
  }
}

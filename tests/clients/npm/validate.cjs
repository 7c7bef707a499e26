// Validates FHIR R4 resources, one JSON a line on standard input; prints every error and ends with 1 if there is one.
const { readFileSync } = require("node:fs");
const { Fhir } = require("fhir");

const fhir = new Fhir();
const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
const wrong = lines.flatMap((line) => {
  const resource = JSON.parse(line);
  const said = fhir.validate(resource, { errorOnUnexpected: true }).messages;
  return said.filter((one) => ["error", "fatal"].includes(one.severity)).map((one) => [resource.resourceType, one]);
});
wrong.forEach(([name, one]) => console.log(`${name}: ${one.location}: ${one.message}`));
console.log(`${lines.length} read, ${wrong.length} errors`);
process.exit(wrong.length || !lines.length ? 1 : 0);

// Reads a schema with values as one JSON object a line and writes, as one JSON
// array a line, which of the values are right by Ajv.
const Ajv = require("ajv/dist/2020").default;
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const { schema, values } = JSON.parse(line);
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  console.log(JSON.stringify(values.map((value) => validate(value))));
});

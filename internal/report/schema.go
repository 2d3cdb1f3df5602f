package report

import _ "embed"

//go:embed stream.schema.json
var streamSchema string

// Schema returns the JSON Schema (2020-12) of a record of the JSON Lines
// stream, for the programs that read it. It allows what a later version may
// add: further fields, and records of further types. The bytes are a copy that
// the caller may change.
func Schema() []byte { return []byte(streamSchema) }

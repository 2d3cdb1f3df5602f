package config

import _ "embed"

//go:embed conformance.schema.json
var schema string

// Schema returns the JSON Schema (2020-12) of the file, for editors. It is a
// copy that the caller may change.
func Schema() []byte { return []byte(schema) }

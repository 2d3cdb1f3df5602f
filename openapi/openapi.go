// Package openapi holds the contract of the Atlas private endpoint services:
// an OpenAPI document, private-endpoint.yaml, and an overlay on it.
//
// The document alone is the profile "documented": what the vendor's reference
// pages say. The overlay, observed.overlay.yaml, makes the profile "observed"
// of it: what recorded traffic shows. There is no second copy of anything. What
// OpenAPI has no words for stands in the extension x-conformance, described by
// x-conformance.schema.json.
//
// The Go types, client and server of package gen are generated from the
// document by the lines below; gen.overlay.yaml gives them their Go names, so
// that the contract itself has none.
package openapi

import _ "embed"

//go:generate mkdir -p ../gen
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config gen.yaml private-endpoint.yaml

//go:embed private-endpoint.yaml
var document string

//go:embed observed.overlay.yaml
var overlay string

//go:embed x-conformance.schema.json
var extensionSchema string

// Document returns the contract in YAML, an OpenAPI 3.0.3 document. It is a
// copy that the caller may change.
func Document() []byte { return []byte(document) }

// Overlay returns the OpenAPI Overlay 1.0 that turns Document into the profile
// "observed". It is a copy that the caller may change.
func Overlay() []byte { return []byte(overlay) }

// ExtensionSchema returns the JSON Schema (2020-12) of the extension
// x-conformance. It is a copy that the caller may change.
func ExtensionSchema() []byte { return []byte(extensionSchema) }

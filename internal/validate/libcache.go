package validate

import (
	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi-validator/cache"
)

// leanCache keeps compiled schemas without their text. The library would parse
// the text anew for each wrong value, only to name a line of it, and the text is
// large: references are written out in it, so that one schema of a public
// document comes to 56 MB.
type leanCache struct{ *cache.DefaultCache }

// Store keeps what judges values and drops what explains the judgement.
func (c leanCache) Store(key uint64, entry *cache.SchemaCacheEntry) {
	lean := *entry
	lean.RenderedInline, lean.RenderedJSON, lean.ReferenceSchema = []byte("{}"), []byte("{}"), "{}"
	lean.RenderedNode = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	lean.ResourceNodes = nil
	c.DefaultCache.Store(key, &lean)
}

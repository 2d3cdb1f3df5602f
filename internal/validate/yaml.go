package validate

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds a YAML document whose aliases multiply it.
const maxNodes = 1 << 20

// decodeDocument reads a document as JSON values, whether it is written in JSON
// or YAML. Numbers keep their digits: a bound of 2^53+1 must not become 2^53.
func decodeDocument(text []byte) (map[string]any, error) {
	if v, claims := readJSON(text); !unreadable(claims) {
		if doc, ok := v.(map[string]any); ok {
			return doc, nil
		}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, fmt.Errorf("read the document as JSON or YAML: %w", err)
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) == 0 {
		return nil, errors.New("read the document as JSON or YAML: it is empty")
	}
	y := yamlReader{}
	v, err := y.value(root.Content[0], 0)
	if err != nil {
		return nil, fmt.Errorf("read the document as YAML: %w", err)
	}
	doc, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("read the document: its root is not an object")
	}
	return doc, nil
}

// yamlReader turns YAML nodes into JSON values.
type yamlReader struct{ nodes int }

func (y *yamlReader) value(n *yaml.Node, depth int) (any, error) {
	y.nodes++
	if y.nodes > maxNodes || depth > maxDepth {
		return nil, fmt.Errorf("line %d: nested too deep, or multiplied by aliases", n.Line)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return y.value(n.Alias, depth+1)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			v, err := y.value(item, depth+1)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case yaml.MappingNode:
		return y.mapping(n, depth)
	}
	return scalar(n), nil
}

func (y *yamlReader) mapping(n *yaml.Node, depth int) (any, error) {
	object := make(map[string]any, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		v, err := y.value(value, depth+1)
		if err != nil {
			return nil, err
		}
		if key.Tag == "!!merge" {
			merge(object, v)
			continue
		}
		object[key.Value] = v
	}
	return object, nil
}

// merge puts in what a merge key brings; the mapping's own keys win.
func merge(into map[string]any, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			if _, own := into[key]; !own {
				into[key] = member
			}
		}
	case []any:
		for _, item := range v {
			merge(into, item)
		}
	}
}

// scalar is the JSON value of a YAML scalar. A date stays the text that it is.
func scalar(n *yaml.Node) any {
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		return literal(n.Value)
	}
	return n.Value
}

// literal is the JSON number of a YAML one, such as 0x10, +1, .5 or 1_000.
func literal(s string) any {
	if isNumber(s) {
		return json.Number(s)
	}
	plain := strings.ReplaceAll(s, "_", "")
	if n, ok := new(big.Int).SetString(plain, 0); ok {
		return json.Number(n.String())
	}
	if f, err := strconv.ParseFloat(plain, 64); err == nil && f == f && f-f == 0 {
		return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
	}
	return s // .inf and .nan are no JSON numbers
}

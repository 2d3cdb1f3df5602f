package spec

import (
	"bytes"
	"encoding/json"
	"iter"
	"math/big"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Node is a place in a document. The zero Node is a place that does not exist;
// asking it for anything gives zero values, so that chains of Get need no
// tests on the way.
type Node struct {
	y    *yaml.Node
	file *file
	ptr  string
}

// Exists tells whether the document has something there.
func (n Node) Exists() bool { return n.y != nil }

// Line is the line in the file, counted from 1; 0 where there is none.
func (n Node) Line() int {
	if n.y == nil {
		return 0
	}
	return n.y.Line
}

// File is the name of the file that holds the node.
func (n Node) File() string {
	if n.file == nil {
		return ""
	}
	return n.file.name
}

// Pointer is the JSON pointer of the node within its file.
func (n Node) Pointer() string { return n.ptr }

// IsMap tells whether the node is an object.
func (n Node) IsMap() bool { return n.y != nil && n.y.Kind == yaml.MappingNode }

// IsList tells whether the node is an array.
func (n Node) IsList() bool { return n.y != nil && n.y.Kind == yaml.SequenceNode }

// Get returns the member of an object, without following references.
func (n Node) Get(keys ...string) Node {
	for _, key := range keys {
		n = n.member(key)
	}
	return n
}

func (n Node) member(key string) Node {
	if !n.IsMap() {
		return Node{}
	}
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		if n.y.Content[i].Value == key {
			return n.child(n.y.Content[i+1], key)
		}
	}
	return n.merged(key)
}

// merged looks a key up in the YAML merge key, which some documents use.
func (n Node) merged(key string) Node {
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		if n.y.Content[i].Tag == "!!merge" {
			if m := n.child(n.y.Content[i+1], "<<").member(key); m.Exists() {
				return m
			}
		}
	}
	return Node{}
}

func (n Node) child(y *yaml.Node, token string) Node {
	return Node{y: followed(y), file: n.file, ptr: n.ptr + "/" + Escape(token)}
}

// followed is what a YAML alias stands for.
func followed(y *yaml.Node) *yaml.Node {
	for hops := 0; y.Kind == yaml.AliasNode && hops < 100; hops++ {
		y = y.Alias
	}
	return y
}

// remembered is what read makes of a node, which it is asked for once only: for
// each T there is one read. All who ask share what it made, and may not change it.
func remembered[T any](n Node, read func(Node) T) T {
	type key struct{ y *yaml.Node }
	if n.file == nil {
		return read(n)
	}
	known, ok := n.file.reads.Load(key{n.y})
	if !ok {
		known, _ = n.file.reads.LoadOrStore(key{n.y}, read(n))
	}
	return known.(T)
}

// Pairs yields the members of an object in the order of the document.
func (n Node) Pairs() iter.Seq2[string, Node] {
	return func(yield func(string, Node) bool) {
		if !n.IsMap() {
			return
		}
		for i := 0; i+1 < len(n.y.Content); i += 2 {
			if n.y.Content[i].Tag == "!!merge" {
				continue
			}
			key := n.y.Content[i].Value
			if !yield(key, n.child(n.y.Content[i+1], key)) {
				return
			}
		}
	}
}

// Items yields the elements of an array.
func (n Node) Items() iter.Seq2[int, Node] {
	return func(yield func(int, Node) bool) {
		if !n.IsList() {
			return
		}
		for i, y := range n.y.Content {
			if !yield(i, n.child(y, strconv.Itoa(i))) {
				return
			}
		}
	}
}

// Len is the number of members or elements.
func (n Node) Len() int {
	switch {
	case n.IsMap():
		return len(n.y.Content) / 2
	case n.IsList():
		return len(n.y.Content)
	}
	return 0
}

// Text is the scalar's text, "" for anything else.
func (n Node) Text() string {
	if n.y == nil || n.y.Kind != yaml.ScalarNode {
		return ""
	}
	return n.y.Value
}

// True tells whether the node is the boolean true.
func (n Node) True() bool {
	return n.y != nil && n.y.Kind == yaml.ScalarNode && n.y.ShortTag() == "!!bool" && strings.EqualFold(n.y.Value, "true")
}

// Strings is the list of scalars, or the scalar alone.
func (n Node) Strings() []string {
	if t := n.Text(); t != "" {
		return []string{t}
	}
	if !n.IsList() {
		return nil
	}
	var out []string
	for _, y := range n.y.Content {
		out = append(out, Node{y: followed(y)}.Text())
	}
	return out
}

// Resolve follows $ref until something else stands there. A reference that
// leads nowhere, or only in a circle, gives the zero Node.
func (n Node) Resolve() Node {
	for range 100 {
		ref := n.Get("$ref")
		if !ref.Exists() || ref.Text() == "" {
			return n
		}
		target, err := n.file.set.follow(n.file, ref.Text())
		if err != nil {
			return Node{}
		}
		n = target
	}
	return Node{}
}

// Target is where the node's $ref leads, one step far. It tells false for a node
// that has none. The error names the file and the reference.
func (n Node) Target() (Node, bool, error) {
	ref := n.Get("$ref").Text()
	if ref == "" {
		return Node{}, false, nil
	}
	target, err := n.Follow(ref)
	return target, err == nil, err
}

// Follow is where a reference leads that is written in the node's file.
func (n Node) Follow(ref string) (Node, error) { return n.file.set.follow(n.file, ref) }

// Ext is the node's x-conformance member.
func (n Node) Ext() Node { return n.Get("x-conformance") }

// JSON is the node as JSON text, members in the order of the document.
func (n Node) JSON() []byte {
	var b bytes.Buffer
	n.write(&b, 0)
	return b.Bytes()
}

const maxDepth = 500

func (n Node) write(b *bytes.Buffer, depth int) {
	switch {
	case n.y == nil || depth > maxDepth:
		b.WriteString("null")
	case n.IsMap():
		b.WriteByte('{')
		first := true
		for key, value := range n.Pairs() {
			if !first {
				b.WriteByte(',')
			}
			first = false
			b.Write(quote(key))
			b.WriteByte(':')
			value.write(b, depth+1)
		}
		b.WriteByte('}')
	case n.IsList():
		b.WriteByte('[')
		for i, item := range n.Items() {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b, depth+1)
		}
		b.WriteByte(']')
	default:
		b.Write(scalar(n.y))
	}
}

// Value is the node as a Go value: map[string]any, []any, string, bool,
// json.Number or nil.
func (n Node) Value() any {
	dec := json.NewDecoder(bytes.NewReader(n.JSON()))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil
	}
	return v
}

// scalar is a YAML scalar as JSON. Dates stay the strings that they are in
// JSON; numbers keep their text, so that no digit is lost.
func scalar(y *yaml.Node) []byte {
	switch y.ShortTag() {
	case "!!null":
		return []byte("null")
	case "!!bool":
		return []byte(strings.ToLower(y.Value))
	case "!!int", "!!float":
		if json.Valid([]byte(y.Value)) {
			return []byte(y.Value)
		}
		if number, ok := yamlNumber(y.Value); ok {
			return []byte(number)
		}
	}
	return quote(y.Value)
}

// yamlNumber turns YAML's other spellings of numbers (0x1F, +1, 1_000, .5)
// into JSON's.
func yamlNumber(text string) (string, bool) {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "+"), "_", "")
	if i, ok := new(big.Int).SetString(text, 0); ok {
		return i.String(), true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != f || f > 1e308 || f < -1e308 {
		return "", false
	}
	return strconv.FormatFloat(f, 'g', -1, 64), true
}

func quote(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimRight(b.Bytes(), "\n")
}

// Escape is a token as it stands in a JSON pointer (RFC 6901, section 3).
func Escape(token string) string {
	if strings.IndexByte(token, '~') < 0 && strings.IndexByte(token, '/') < 0 { // most often, and far faster than ContainsAny
		return token
	}
	return strings.ReplaceAll(strings.ReplaceAll(token, "~", "~0"), "/", "~1")
}

// Unescape undoes Escape.
func Unescape(token string) string {
	return strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
}

// Without is the object without one member, at the same place.
func (n Node) Without(key string) Node {
	if !n.IsMap() {
		return n
	}
	y := *n.y
	y.Content = nil
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		if n.y.Content[i].Value != key {
			y.Content = append(y.Content, n.y.Content[i], n.y.Content[i+1])
		}
	}
	return Node{y: &y, file: n.file, ptr: n.ptr}
}

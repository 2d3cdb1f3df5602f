package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// file is one file of a document.
type file struct {
	name string
	root Node
	set  *fileSet

	reads   sync.Map // what was made of its nodes, by node and type
	targets sync.Map // its nodes, by the fragments that lead to them
	once    sync.Once
	anchors map[string]Node // by $anchor and $dynamicAnchor, and by $id
}

// fileSet holds the files that a document consists of.
type fileSet struct {
	fetch func(url string) ([]byte, error) // nil: the network is off limits
	mu    sync.Mutex
	files map[string]*file
	lost  map[string]error // why a file could not be read, so that it is tried once
}

func (s *fileSet) add(name string, data []byte) (*file, error) {
	root, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	f := &file{name: name, set: s}
	f.root = Node{y: root, file: f}
	s.files[name] = f
	return f, nil
}

// parse reads YAML or JSON, which is YAML too.
func parse(name string, data []byte) (*yaml.Node, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, fmt.Errorf("read %s: the file is empty; an OpenAPI document is needed", name)
	}
	var doc yaml.Node
	err := yaml.Unmarshal(data, &doc)
	if err != nil && json.Valid(data) {
		doc = yaml.Node{}
		err = yaml.Unmarshal(plainJSON(data), &doc)
	}
	if at := control(data); err != nil && at >= 0 {
		r, _ := utf8.DecodeRune(data[at:])
		return nil, fmt.Errorf("read %s: line %d: the control character %U, which YAML does not allow; write it as an escape in double quotes",
			name, 1+bytes.Count(data[:at], []byte("\n")), r)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: neither YAML nor JSON: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("read %s: line 1: an object is needed, as in `openapi: 3.0.3`", name)
	}
	return doc.Content[0], nil
}

// control is where the first character stands that YAML does not allow, -1 where
// there is none (YAML 1.2.2, production c-printable).
func control(data []byte) int {
	return bytes.IndexFunc(data, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff
	})
}

// plainJSON writes the characters that JSON allows in its strings, and YAML does
// not, as escapes.
func plainJSON(data []byte) []byte {
	var out []byte
	for {
		at := control(data)
		if at < 0 {
			return append(out, data...)
		}
		r, size := utf8.DecodeRune(data[at:])
		out = fmt.Appendf(append(out, data[:at]...), "\\u%04x", r)
		data = data[at+size:]
	}
}

// open returns the file that a reference names, relative to the file from.
func (s *fileSet) open(from *file, ref string) (*file, error) {
	if ref == "" {
		return from, nil
	}
	name := s.locate(from.name, ref)
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.files[name]; ok {
		return f, nil
	}
	f, err := s.first(name)
	if err != nil {
		return nil, fmt.Errorf("%s: $ref %q: %w", from.name, ref, err)
	}
	return f, nil
}

// first reads a file that was not asked for before, or not in vain.
func (s *fileSet) first(name string) (*file, error) {
	if err := s.lost[name]; err != nil {
		return nil, err
	}
	data, err := s.read(name)
	if err == nil {
		var f *file
		if f, err = s.add(name, data); err == nil {
			return f, nil
		}
	}
	if s.lost == nil {
		s.lost = map[string]error{}
	}
	s.lost[name] = err
	return nil, err
}

func (s *fileSet) read(name string) ([]byte, error) {
	if !isRemote(name) {
		return os.ReadFile(name)
	}
	if s.fetch == nil {
		return nil, fmt.Errorf("is on the network, which --allow-remote permits")
	}
	return s.fetch(name)
}

func (s *fileSet) locate(from, ref string) string {
	if isRemote(ref) {
		return ref
	}
	if isRemote(from) {
		if base, err := url.Parse(from); err == nil {
			if u, err := base.Parse(ref); err == nil {
				return u.String()
			}
		}
	}
	if plain, err := url.PathUnescape(ref); err == nil {
		ref = plain
	}
	if filepath.IsAbs(ref) {
		return filepath.Clean(ref)
	}
	return filepath.Join(filepath.Dir(from), filepath.FromSlash(ref))
}

func isRemote(name string) bool {
	return strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")
}

// follow returns the node that a $ref found in the file from leads to.
func (s *fileSet) follow(from *file, ref string) (Node, error) {
	name, fragment, _ := strings.Cut(ref, "#")
	f, err := s.open(from, name)
	if err != nil {
		if n, ok := from.anchored(ref); ok {
			return n, nil
		}
		return Node{}, err
	}
	if fragment != "" && !strings.HasPrefix(fragment, "/") {
		if n, ok := f.anchored(fragment); ok {
			return n, nil
		}
		return Node{}, fmt.Errorf("%s: $ref %q: no $anchor of that name", from.name, ref)
	}
	return f.at(fragment, ref)
}

// at walks a JSON pointer.
func (f *file) at(fragment, ref string) (Node, error) {
	n := f.root
	if fragment == "" {
		return n, nil
	}
	if target, ok := f.targets.Load(fragment); ok {
		return target.(Node), nil
	}
	for _, token := range strings.Split(fragment[1:], "/") {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		n = n.step(Unescape(token))
		if !n.Exists() {
			return Node{}, fmt.Errorf("%s: $ref %q leads nowhere", f.name, ref)
		}
	}
	f.targets.Store(fragment, n)
	return n, nil
}

func (n Node) step(token string) Node {
	if n.IsList() {
		for i, item := range n.Items() {
			if fmt.Sprint(i) == token {
				return item
			}
		}
		return Node{}
	}
	return n.member(token)
}

// anchored looks up a plain-name fragment or a schema's $id (JSON Schema
// 2020-12, sections 8.2.1 and 8.2.2).
func (f *file) anchored(name string) (Node, bool) {
	f.once.Do(func() {
		f.anchors = map[string]Node{}
		f.root.findAnchors(f.anchors, 0)
	})
	n, ok := f.anchors[strings.TrimSuffix(name, "#")]
	return n, ok
}

func (n Node) findAnchors(into map[string]Node, depth int) {
	if depth > maxDepth {
		return
	}
	for _, key := range []string{"$anchor", "$dynamicAnchor", "$id"} {
		if name := n.Get(key).Text(); name != "" {
			if _, taken := into[name]; !taken {
				into[name] = n
			}
		}
	}
	for _, child := range n.Pairs() {
		child.findAnchors(into, depth+1)
	}
	for _, child := range n.Items() {
		child.findAnchors(into, depth+1)
	}
}

package validate

import (
	"strconv"
	"strings"
)

// step is one token of a JSON pointer.
type step struct {
	key     string
	index   int
	isIndex bool
}

// path is a JSON pointer that has not been put into words: a walk over a value
// keeps it at hand for every node, and few nodes are ever reported.
type path []step

func (p path) String() string {
	if len(p) == 0 {
		return ""
	}
	var b strings.Builder
	for _, s := range p {
		b.WriteByte('/')
		if s.isIndex {
			b.WriteString(strconv.Itoa(s.index))
		} else {
			b.WriteString(escapeToken(s.key))
		}
	}
	return b.String()
}

// escapeToken writes a member name as a token of a JSON pointer (RFC 6901 §3).
func escapeToken(s string) string {
	if strings.IndexByte(s, '~') < 0 && strings.IndexByte(s, '/') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}

func unescapeToken(s string) string {
	if strings.IndexByte(s, '~') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}

// joinPointer appends a member name to a JSON pointer.
func joinPointer(pointer, key string) string { return pointer + "/" + escapeToken(key) }

// pointerOf makes a JSON pointer of unescaped tokens.
func pointerOf(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteByte('/')
		b.WriteString(escapeToken(t))
	}
	return b.String()
}

// within tells that pointer is at or below root.
func within(pointer, root string) bool {
	return strings.HasPrefix(pointer, root) && (len(pointer) == len(root) || pointer[len(root)] == '/')
}

// at returns the node of a decoded document at a JSON pointer.
func at(doc any, pointer string) (any, bool) {
	if pointer == "" {
		return doc, true
	}
	if pointer[0] != '/' {
		return nil, false
	}
	for _, token := range strings.Split(pointer[1:], "/") {
		switch node := doc.(type) {
		case map[string]any:
			next, ok := node[unescapeToken(token)]
			if !ok {
				return nil, false
			}
			doc = next
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(node) {
				return nil, false
			}
			doc = node[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

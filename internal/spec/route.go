package spec

import (
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// route is one path template, ready to match.
type route struct {
	path    string
	pattern *regexp.Regexp
	names   []string
	literal int // characters outside placeholders: more is more specific
	ops     map[string]*Operation
}

func itoa(status int) string {
	code := strconv.Itoa(status)
	if len(code) != 3 {
		return "000"
	}
	return code
}

func (c *Contract) buildRoutes() {
	byPath := map[string]int{}
	for _, op := range c.Operations {
		i, ok := byPath[op.Path]
		if !ok {
			i = len(c.routes)
			byPath[op.Path] = i
			c.routes = append(c.routes, newRoute(op.Path))
		}
		c.routes[i].ops[op.Method] = op
	}
	sort.SliceStable(c.routes, func(i, j int) bool { return c.routes[i].literal > c.routes[j].literal })
}

var placeholder = regexp.MustCompile(`\{[^{}/]+\}`)

func newRoute(path string) route {
	r := route{path: path, ops: map[string]*Operation{}}
	var pattern strings.Builder
	last := 0
	for _, at := range placeholder.FindAllStringIndex(path, -1) {
		pattern.WriteString(regexp.QuoteMeta(path[last:at[0]]) + "([^/]+)")
		r.literal += at[0] - last
		r.names = append(r.names, path[at[0]+1:at[1]-1])
		last = at[1]
	}
	pattern.WriteString(regexp.QuoteMeta(path[last:]))
	r.literal += len(path) - last
	r.pattern = regexp.MustCompile("^" + pattern.String() + "$")
	return r
}

// Match is where a request's path leads.
type Match struct {
	// Operation is nil where the path exists but not with this method.
	Operation *Operation
	Path      string
	Params    map[string]string // decoded
	Methods   []string          // that the path has, sorted
}

// Route finds the operation of a request by its escaped path below the base.
func (c *Contract) Route(method, path string) (Match, bool) {
	for _, r := range c.routes {
		found := r.pattern.FindStringSubmatch(path)
		if found == nil {
			continue
		}
		m := Match{Operation: r.ops[method], Path: r.path, Params: map[string]string{}}
		for i, name := range r.names {
			plain, err := url.PathUnescape(found[i+1])
			if err != nil {
				plain = found[i+1]
			}
			m.Params[name] = plain
		}
		for have := range r.ops {
			m.Methods = append(m.Methods, have)
		}
		sort.Strings(m.Methods)
		return m, true
	}
	return Match{}, false
}

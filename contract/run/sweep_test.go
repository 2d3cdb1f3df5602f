package run

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/transport"
)

const base = "http://in-process/api"

// rack holds things by path, each with its members, and lists those of a folder.
type rack struct {
	mu     sync.Mutex
	things map[string]map[string]any
	refuse map[string]int // statuses by method and path
	paged  bool
	log    []string
}

func (s *rack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/api")
	s.log = append(s.log, r.Method+" "+path)
	if status := s.refuse[r.Method+" "+path]; status != 0 {
		w.WriteHeader(status)
		return
	}
	_, there := s.things[path]
	switch {
	case there && r.Method == "DELETE" && s.holds(path):
		w.WriteHeader(409)
	case there && r.Method == "DELETE":
		delete(s.things, path)
		w.WriteHeader(204)
	case there && r.Method == "GET":
		fmt.Fprint(w, `{}`)
	case there || r.Method != "GET" || !strings.HasSuffix(path, "s"):
		w.WriteHeader(404)
	default:
		s.list(w, r, path)
	}
}

// holds tells whether other things are within one.
func (s *rack) holds(path string) bool {
	for other := range s.things {
		if strings.HasPrefix(other, path+"/") {
			return true
		}
	}
	return false
}

func (s *rack) list(w http.ResponseWriter, r *http.Request, path string) {
	list := []map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.things)) {
		if id, ok := strings.CutPrefix(name, path+"/"); ok && !strings.Contains(id, "/") {
			item := maps.Clone(s.things[name])
			item["id"] = id
			list = append(list, item)
		}
	}
	total := len(list)
	if s.paged && r.URL.Query().Get("page") == "" && total > 1 {
		w.Header().Set("Link", `<things?page=2>; rel="next"`)
		list = list[:1]
	} else if s.paged && total > 1 {
		list = list[1:]
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"content": map[string]any{"results": list, "totalCount": total, "links": []string{}}})
}

// paths are those of what is there.
func (s *rack) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.things))
}

func newRack(paths ...string) *rack {
	s := &rack{things: map[string]map[string]any{}, refuse: map[string]int{}}
	for _, path := range paths {
		s.things[path] = map[string]any{"label": "sent", "state": nil}
	}
	return s
}

// opened is an empty ledger.
func opened(t *testing.T) *ledger.Ledger {
	t.Helper()
	l, err := ledger.New(filepath.Join(t.TempDir(), "a"+ledger.Suffix), ledger.Run{Target: base})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// create is a create of a thing in a folder, such as /things.
func create(folder string, change ...func(*ledger.Create)) ledger.Create {
	remove := ledger.Request{Method: "DELETE", URL: base + folder + "/{id}", Binds: []ledger.Bind{{Name: "id", Expr: "$response.body#/id"}}}
	c := ledger.Create{
		Case: "make" + folder, Step: "make", Method: "POST", URL: base + folder, Remove: remove, Gone: "GET",
		Lookups: []ledger.Lookup{{
			Request: ledger.Request{Method: "GET", URL: base + folder}, Remove: remove,
			Under: []string{"content"}, Same: map[string][]string{"/label": {"sent", "SENT"}, "/state": {"new"}, "/none": {"x"}},
		}},
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

func noted(t *testing.T, l *ledger.Ledger, c ledger.Create, made string) int {
	t.Helper()
	n, err := l.Create(c)
	require.NoError(t, err)
	if made != "" {
		require.NoError(t, l.Made(n, base+made))
	}
	return n
}

func before(t *testing.T, l *ledger.Ledger, folder string, paths ...string) {
	t.Helper()
	b := ledger.Before{List: base + folder, Things: []string{}}
	for _, path := range paths {
		b.Things = append(b.Things, base+path)
	}
	require.NoError(t, l.Before(b))
}

func swept(t *testing.T, l *ledger.Ledger, h http.Handler, change ...func(*Sweep)) Swept {
	t.Helper()
	u, err := url.Parse(base)
	require.NoError(t, err)
	client, err := transport.New(transport.Options{Base: u, Handler: h})
	require.NoError(t, err)
	s := Sweep{Ledger: l, Client: client, Budget: 5 * time.Second}
	for _, f := range change {
		f(&s)
	}
	out, err := s.Run(t.Context())
	require.NoError(t, err)
	return out
}

func TestSweepRemovesWhatWasMadeInnermostFirst(t *testing.T) {
	t.Parallel()
	s, l := newRack("/things/old", "/things/1", "/things/1/parts/2"), opened(t)
	noted(t, l, create("/things"), "/things/1")
	noted(t, l, create("/things/1/parts"), "/things/1/parts/2")
	noted(t, l, create("/things"), "/things/gone")
	out := swept(t, l, s)
	require.Empty(t, out.Left)
	require.Len(t, out.Removed, 3)
	require.Empty(t, l.Left())
	require.Equal(t, []string{"/things/old"}, s.paths())
}

func TestSweepFindsWhatALostReplyWouldHaveNamed(t *testing.T) {
	t.Parallel()
	for _, paged := range []bool{false, true} {
		s, l := newRack("/things/old", "/things/new", "/things/known"), opened(t)
		s.paged = paged
		before(t, l, "/things", "/things/old")
		noted(t, l, create("/things"), "/things/known")
		noted(t, l, create("/things"), "")
		noted(t, l, create("/things"), "") // which made nothing
		out := swept(t, l, s)
		require.Empty(t, out.Left)
		require.Equal(t, []string{"/things/old"}, s.paths())
		require.Empty(t, l.Left())
	}
}

func TestSweepLeavesWhatMayBeSomebodyElses(t *testing.T) {
	t.Parallel()
	s, l := newRack("/things/old", "/things/a", "/things/b", "/things/unlike"), opened(t)
	s.things["/things/unlike"]["label"] = "another"
	before(t, l, "/things", "/things/old")
	noted(t, l, create("/things"), "")
	out := swept(t, l, s)
	require.Empty(t, out.Removed)
	require.Len(t, out.Left, 2)
	for i, name := range []string{"a", "b"} {
		require.Equal(t, Left{
			Method: "DELETE", URL: base + "/things/" + name, Case: "make/things", Perhaps: true,
			Why: "its reply was lost, and 2 things like it are new in the list, and at most 1 of them the run's own",
		}, out.Left[i])
	}
	require.Len(t, s.paths(), 4)
	require.Len(t, l.Left(), 1)
}

func TestSweepNeverGuessesWithoutALookBefore(t *testing.T) {
	t.Parallel()
	for what, look := range map[string]func(*ledger.Ledger){
		"none": func(*ledger.Ledger) {},
		"failed": func(l *ledger.Ledger) {
			require.NoError(t, l.Before(ledger.Before{List: base + "/things", Failed: "status 500"}))
		},
	} {
		s, l := newRack("/things/1"), opened(t)
		look(l)
		noted(t, l, create("/things"), "")
		out := swept(t, l, s)
		require.Len(t, out.Left, 1, what)
		require.True(t, out.Left[0].Perhaps)
		require.Equal(t, base+"/things/1", out.Left[0].URL)
		require.Len(t, s.paths(), 1)
	}
}

func TestSweepOfAnOddCreateDeletesNothingOfOthers(t *testing.T) {
	t.Parallel()
	odd := func(c *ledger.Create) {
		other := create("/others").Lookups[0]
		other.Same, c.Lookups[0].Same = nil, nil
		c.Lookups = append(c.Lookups, other)
	}
	s, l := newRack("/things/old"), opened(t)
	before(t, l, "/things", "/things/old")
	before(t, l, "/others")
	noted(t, l, create("/things", odd), "")
	require.Empty(t, swept(t, l, s).Left, "no list shows anything new")
	require.Empty(t, l.Left())

	s.things["/others/new"] = map[string]any{}
	noted(t, l, create("/things", odd), "")
	out := swept(t, l, s)
	require.Len(t, out.Left, 1)
	require.Equal(t, base+"/others/new", out.Left[0].URL)
	require.True(t, out.Left[0].Perhaps)
	require.Equal(t, []string{"/others/new", "/things/old"}, s.paths())
}

func TestSweepTriesAllPlacesOfAnOddThing(t *testing.T) {
	t.Parallel()
	s, l := newRack("/others/7"), opened(t)
	n := noted(t, l, create("/things"), "")
	require.NoError(t, l.Made(n, base+"/things/7", base+"/others/7"))
	require.Empty(t, swept(t, l, s).Left)
	require.Empty(t, s.paths())
}

func TestSweepOfWhatHasNoList(t *testing.T) {
	t.Parallel()
	noList := func(c *ledger.Create) { c.Lookups = nil }
	foretold := func(c *ledger.Create) { c.Lookups, c.Foretold = nil, c.URL+"/mine" }
	s, l := newRack("/things/1", "/things/1/parts/mine", "/parts/mine"), opened(t)
	noted(t, l, create("/things"), "/things/1")
	noted(t, l, create("/things/1/parts", foretold), "") // within the run's own: it can only be the run's
	noted(t, l, create("/things/1/notes", noList), "")   // goes with what it is part of
	noted(t, l, create("/parts", foretold), "")          // may have been there before
	noted(t, l, create("/things/2/parts", foretold), "") // and is not there
	noted(t, l, create("/notes", noList), "")
	out := swept(t, l, s)
	require.Equal(t, []string{"/parts/mine"}, s.paths())
	require.Len(t, out.Left, 2)
	require.Equal(t, "POST "+base+"/notes", out.Left[0].Method+" "+out.Left[0].URL)
	require.Equal(t, "DELETE "+base+"/parts/mine", out.Left[1].Method+" "+out.Left[1].URL)
	require.True(t, out.Left[0].Perhaps && out.Left[1].Perhaps)
}

func TestSweepOfAListThatIsNotThere(t *testing.T) {
	t.Parallel()
	for status, left := range map[int]int{404: 0, 400: 0, 403: 1} {
		s, l := newRack(), opened(t)
		s.refuse["GET /things"] = status
		noted(t, l, create("/things"), "")
		require.Len(t, swept(t, l, s).Left, left, status)
	}
	s, l := newRack("/things/1"), opened(t)
	s.refuse["GET /things"] = 400
	noted(t, l, create("/things"), "/things/1")
	noted(t, l, create("/things"), "")
	require.Len(t, swept(t, l, s).Left, 1, "something was made there, so there is such a place")
}

func TestSweepTriesAgainWhereThatMayHelp(t *testing.T) {
	t.Parallel()
	s, l := newRack("/things/1", "/things/1/parts/2", "/things/3"), opened(t)
	s.refuse["DELETE /things/3"] = 403
	noted(t, l, create("/things"), "/things/1")
	noted(t, l, create("/things"), "/things/3")
	go func() { // the conflict goes away
		time.Sleep(50 * time.Millisecond)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.things, "/things/1/parts/2")
	}()
	out := swept(t, l, s)
	require.Equal(t, []Left{{Method: "DELETE", URL: base + "/things/3", Case: "make/things", Why: "status 403"}}, out.Left)
	require.Equal(t, []string{"/things/3"}, s.paths())
	asked := 0
	for _, line := range s.log {
		if line == "DELETE /things/3" {
			asked++
		}
	}
	require.Equal(t, 1, asked, "who may not will not")
}

func TestSweepKeepsToItsBudget(t *testing.T) {
	t.Parallel()
	s, l := newRack("/things/1"), opened(t)
	s.refuse["DELETE /things/1"] = 500
	noted(t, l, create("/things"), "/things/1")
	start := time.Now()
	out := swept(t, l, s, func(s *Sweep) { s.Budget = 200 * time.Millisecond })
	require.Less(t, time.Since(start), 4*time.Second)
	require.Equal(t, "status 500", out.Left[0].Why)
}

func TestADrySweepOnlyLooks(t *testing.T) {
	t.Parallel()
	s, l := newRack("/things/old", "/things/1", "/things/2"), opened(t)
	before(t, l, "/things", "/things/old")
	noted(t, l, create("/things"), "/things/1")
	noted(t, l, create("/things"), "")
	out := swept(t, l, s, func(s *Sweep) { s.Dry = true })
	require.Empty(t, out.Left)
	require.Len(t, out.Removed, 2)
	require.Len(t, s.paths(), 3)
	require.Len(t, l.Left(), 2)
	for _, line := range s.log {
		require.True(t, strings.HasPrefix(line, "GET "), line)
	}
}

func TestARunWritesDownWhatItMakesBeforeItIsMade(t *testing.T) {
	t.Parallel()
	s, l := &shelf{kept: map[string]string{}}, opened(t)
	posts := 0
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" {
			posts++
			state, err := ledger.Read(l.Name())
			if err != nil || len(state.Left()) == 0 || state.Left()[0].Made != "" {
				t.Errorf("a create is not in the ledger: %v", err)
			}
		}
		s.ServeHTTP(w, r)
	})
	r := runner(t, h, func(o *Options) { o.Concurrency = 1 })
	r.Keep(l)
	for _, v := range verdicts(t, r) {
		require.Equal(t, contract.Kept, v.Outcome, "%s: %v %s", v.Case.ID, v.Findings, v.Reason)
	}
	require.Positive(t, posts)
	require.Empty(t, r.Left())
	require.Empty(t, l.Left())
}

func TestWhatACaseCouldNotRemoveTheEndOfTheRunDoes(t *testing.T) {
	t.Parallel()
	s, l := &shelf{kept: map[string]string{}}, opened(t)
	refused := map[string]bool{}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "DELETE" && !refused[r.URL.Path] {
			refused[r.URL.Path] = true
			refuse(w, 500)
			return
		}
		s.ServeHTTP(w, r)
	})
	change := func(o *Options) {
		o.Concurrency, o.Match = 1, "createShelf/example/open"
		o.Poll = Poll{First: time.Millisecond, Timeout: 10 * time.Millisecond}
	}
	r := runner(t, h, change)
	r.Keep(l)
	verdicts(t, r)
	require.NotEmpty(t, refused)
	require.Empty(t, r.Left())
	require.Empty(t, s.kept)
}

func TestWhatCannotBeRemovedIsNamed(t *testing.T) {
	t.Parallel()
	s, l := &shelf{kept: map[string]string{}}, opened(t)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "DELETE" {
			refuse(w, 403)
			return
		}
		s.ServeHTTP(w, r)
	})
	change := func(o *Options) {
		o.Match = "createShelf/example/open"
		o.Poll = Poll{First: time.Millisecond, Timeout: 10 * time.Millisecond}
	}
	r := runner(t, h, change)
	r.Keep(l)
	verdicts(t, r)
	require.Equal(t, []Left{{Method: "DELETE", URL: "http://shelves.test/api/shelves/s1", Case: "createShelf/example/open", Why: "status 403"}}, r.Left())
}

func TestAPanicIsOneUnsentCase(t *testing.T) {
	t.Parallel()
	r := runner(t, &shelf{kept: map[string]string{}}, nil)
	c := &contract.Case{ID: "a/b/c", Expect: contract.Accepted, Steps: []contract.Step{{Name: "a", Request: contract.Request{Method: "GET", URL: "http://shelves.test/api/shelves/1"}}}}
	c.Shrink = func(func(*contract.Case) bool) *contract.Case { panic("a bug") }
	v, err := r.Verdict(t.Context(), c)
	require.NoError(t, err)
	require.Equal(t, contract.Unsent, v.Outcome)
	require.Regexp(t, `a bug \(sweep_test\.go:\d+\)$`, v.Reason)
	require.Empty(t, r.makers, "its place is free again")
}

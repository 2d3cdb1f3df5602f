package run

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/kinds"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// shelf is a right implementation of shelves.yaml, as far as examples ask.
type shelf struct {
	mu    sync.Mutex
	made  int
	kept  map[string]string // label by id
	after time.Duration     // how long a request takes
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.after)
	s.mu.Lock()
	defer s.mu.Unlock()
	id, below := strings.CutPrefix(r.URL.Path, "/api/shelves/")
	_, has := s.kept[id]
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Method == "POST" && !below:
		s.create(w, r)
	case !below || !has:
		refuse(w, 404)
	case r.Method == "DELETE":
		delete(s.kept, id)
		w.WriteHeader(204)
	default:
		fmt.Fprintf(w, `{"id":%q,"kind":"open","planks":0,"label":%q}`, id, s.kept[id])
	}
}

func (s *shelf) create(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Kind, Label string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Kind != "open" {
		refuse(w, 400)
		return
	}
	s.made++
	id := fmt.Sprint("s", s.made)
	s.kept[id] = asked.Label
	w.Header().Set("Location", "/shelves/"+id)
	w.WriteHeader(201)
	fmt.Fprintf(w, `{"id":%q,"kind":"open","planks":0,"label":%q}`, id, asked.Label)
}

func refuse(w http.ResponseWriter, status int) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status":%d}`, status)
}

// runner holds the handler against shelves.yaml, with the kind alone that
// replays examples.
func runner(t *testing.T, h http.Handler, change func(*Options)) *Runner {
	t.Helper()
	return over(t, spec.Source{Name: "../checks/testdata/shelves.yaml"}, "http://shelves.test/api", h, nil, func(o *Options) {
		o.Kinds = kinds.All()[:1]
		if change != nil {
			change(o)
		}
	})
}

// over is a runner of a document over a handler that serves it at a base URL;
// as is the default credential, if there is one.
func over(t *testing.T, source spec.Source, base string, h http.Handler, as *transport.Credential, change func(*Options)) *Runner {
	t.Helper()
	c, err := spec.Load(source)
	require.NoError(t, err)
	u, err := url.Parse(base)
	require.NoError(t, err)
	to := transport.Options{Base: u, Handler: h}
	if as != nil {
		to.Credentials = map[string]transport.Credential{"": *as}
	}
	client, err := transport.New(to)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	o := Options{Contract: c, Client: client, Base: base}
	change(&o)
	r, err := New(o)
	require.NoError(t, err)
	return r
}

// only are the kinds of which a name is wanted.
func only(wanted func(name string) bool) []kinds.Kind {
	return slices.DeleteFunc(kinds.All(), func(k kinds.Kind) bool { return !wanted(k.Name) })
}

func verdicts(t *testing.T, r *Runner) []contract.Verdict {
	t.Helper()
	var out []contract.Verdict
	for v, err := range r.Verdicts(t.Context()) {
		require.NoError(t, err)
		out = append(out, v)
	}
	require.NotEmpty(t, out)
	return out
}

func ids(list []contract.Verdict) []string {
	var out []string
	for _, v := range list {
		out = append(out, v.Case.ID)
	}
	return out
}

func TestARightServerIsKeptAndNothingStays(t *testing.T) {
	t.Parallel()
	s := &shelf{kept: map[string]string{}}
	for _, v := range verdicts(t, runner(t, s, nil)) {
		require.Equal(t, contract.Kept, v.Outcome, "%s: %v %s", v.Case.ID, v.Findings, v.Reason)
	}
	require.NotZero(t, s.made, "the run created nothing: it proved nothing")
	require.Empty(t, s.kept, "the run left something behind")
}

func TestAWrongServerIsBrokenAndNothingStaysEither(t *testing.T) {
	t.Parallel()
	s := &shelf{kept: map[string]string{}}
	wrong := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "GET" {
			w.Header().Set("X-Extra", "1")
			refuse(w, 500)
			return
		}
		s.ServeHTTP(w, r)
	})
	broken := 0
	for _, v := range verdicts(t, runner(t, wrong, nil)) {
		if v.Outcome == contract.Broken {
			broken++
			require.NotEmpty(t, v.Findings)
		}
	}
	require.NotZero(t, broken)
	require.Empty(t, s.kept, "the run left something behind")
}

func TestVerdictsComeInTheOrderOfTheCasesWhateverTheConcurrency(t *testing.T) {
	t.Parallel()
	var all [][]string
	for _, n := range []int{1, 16} {
		r := runner(t, &shelf{kept: map[string]string{}, after: time.Millisecond}, func(o *Options) { o.Concurrency = n })
		all = append(all, ids(verdicts(t, r)))
	}
	require.Equal(t, all[0], all[1])
}

func TestMatchPicksByID(t *testing.T) {
	t.Parallel()
	r := runner(t, &shelf{kept: map[string]string{}}, func(o *Options) { o.Match = "createShelf/example/*" })
	for _, id := range ids(verdicts(t, r)) {
		require.True(t, strings.HasPrefix(id, "createShelf/example/"), id)
	}
	all := runner(t, &shelf{kept: map[string]string{}}, func(o *Options) { o.Kinds = nil })
	for _, glob := range []string{"create*", "createShelf/v?lid/*", "[dg]e*", "*/method/*", "createShelf/example/open", `create\Shelf/*`} {
		picked := runner(t, &shelf{kept: map[string]string{}}, func(o *Options) { o.Kinds, o.Match = nil, glob })
		var want, got []string
		for c := range all.Cases() {
			if ok, _ := match(glob, c.ID); ok {
				want = append(want, c.ID)
			}
		}
		for c := range picked.Cases() {
			got = append(got, c.ID)
		}
		require.NotEmpty(t, want, glob)
		require.Equal(t, want, got, glob)
	}
	_, err := New(Options{Match: "a[b"})
	require.ErrorContains(t, err, `"a[b"`)
}

func TestADeadTargetIsOneSentence(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "../checks/testdata/shelves.yaml"})
	require.NoError(t, err)
	base, err := url.Parse("http://127.0.0.1:1/api")
	require.NoError(t, err)
	client, err := transport.New(transport.Options{Base: base})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	r, err := New(Options{Contract: c, Client: client, Base: base.String()})
	require.NoError(t, err)
	var last error
	for _, err := range r.Verdicts(t.Context()) {
		last = err
	}
	var unreachable *Unreachable
	require.ErrorAs(t, last, &unreachable)
	require.NotContains(t, last.Error(), "\n")
}

func TestWhatIsUniqueIsNeverAskedForTwiceAtOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	busy, most := 0, 0
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		busy++
		most = max(most, busy)
		mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		busy--
		mu.Unlock()
		refuse(w, 400)
	})
	same := kinds.Kind{Name: "same", Doc: "the same thing eight times", Derive: func(s *kinds.Source, op *spec.Operation) iter.Seq[*contract.Case] {
		return func(yield func(*contract.Case) bool) {
			for i := range 8 {
				step := contract.Step{Name: "a", Operation: op.ID, Request: contract.Request{Method: "POST", URL: s.Base + "/shelves"}, Locks: []string{"one"}}
				if !yield(&contract.Case{ID: fmt.Sprint(op.ID, "/same/", i), Operation: op.ID, Kind: "same", Expect: contract.Any, Steps: []contract.Step{step}}) {
					return
				}
			}
		}
	}}
	require.NotEmpty(t, verdicts(t, runner(t, h, func(o *Options) { o.Kinds = []kinds.Kind{same} })))
	require.Equal(t, 1, most)
}

func TestACancelledRunEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var last error
	for _, err := range runner(t, &shelf{kept: map[string]string{}}, nil).Verdicts(ctx) {
		last = err
	}
	require.Error(t, last)
}

func TestAnInterruptedRunRemovesWhatItMade(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := &shelf{kept: map[string]string{}}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "POST" { // the interrupt comes while the target is at it
			cancel()
		}
		s.ServeHTTP(w, r)
	})
	var last error
	for _, err := range runner(t, h, func(o *Options) { o.Match = "createShelf/example/open" }).Verdicts(ctx) {
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
	require.Equal(t, 1, s.made)
	require.Empty(t, s.kept)
}

func TestAllIgnoresMatch(t *testing.T) {
	t.Parallel()
	r := runner(t, &shelf{kept: map[string]string{}}, func(o *Options) { o.Match = "nothing" })
	for c := range r.Cases() {
		t.Fatalf("%s does not match", c.ID)
	}
	found := 0
	for range r.All() {
		found++
	}
	require.NotZero(t, found)
}

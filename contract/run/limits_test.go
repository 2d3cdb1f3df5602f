package run

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

// alive counts the things that are there at once.
type alive struct {
	*shelf
	most int
}

func (a *alive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.shelf.ServeHTTP(w, r)
	a.mu.Lock()
	a.most = max(a.most, len(a.kept))
	a.mu.Unlock()
}

func TestReadOnlySendsNothingThatCouldChange(t *testing.T) {
	t.Parallel()
	s := &shelf{kept: map[string]string{}}
	methods := map[string]int{}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		methods[r.Method]++
		s.mu.Unlock()
		s.ServeHTTP(w, r)
	})
	skipped := 0
	for _, v := range verdicts(t, runner(t, h, func(o *Options) { o.Kinds, o.Limits.ReadOnly = nil, true })) {
		if v.Outcome == contract.Skipped {
			skipped++
			require.Contains(t, v.Reason, "(--read-only)", v.Case.ID)
		}
	}
	require.NotZero(t, skipped)
	require.NotZero(t, methods["GET"])
	for method := range methods {
		require.Contains(t, []string{"GET", "HEAD", "OPTIONS"}, method)
	}
}

func TestNoMoreIsMadeThanAllowed(t *testing.T) {
	t.Parallel()
	for _, most := range []int{1, 3} {
		s := &shelf{kept: map[string]string{}}
		limit := func(o *Options) { o.Kinds, o.Match, o.Limits.Creates = nil, "createShelf/valid/*", most }
		require.Equal(t, most, runner(t, s, limit).Plan().Creates)
		withheld := 0
		for _, v := range verdicts(t, runner(t, s, limit)) {
			if v.Outcome == contract.Skipped {
				withheld++
			}
		}
		require.NotZero(t, withheld)
		require.Equal(t, most, s.made)
	}
}

// The shelf accepts much that it is to refuse.
func TestNoMoreIsMadeByATargetThatRefusesTooLittle(t *testing.T) {
	t.Parallel()
	s := &shelf{kept: map[string]string{}}
	told := false
	r := runner(t, s, func(o *Options) { o.Kinds, o.Concurrency, o.Limits.Creates = nil, 1, 3 })
	for _, v := range verdicts(t, r) {
		told = told || strings.Contains(v.Reason, "made some that it was to refuse")
	}
	require.True(t, told)
	require.LessOrEqual(t, s.made, 4)
}

func TestSoManyThingsAreThereAtOnce(t *testing.T) {
	t.Parallel()
	a := &alive{shelf: &shelf{kept: map[string]string{}, after: time.Millisecond}}
	r := runner(t, a, func(o *Options) { o.Kinds, o.Match, o.Creates = nil, "createShelf/valid/*", 2 })
	p := r.Plan()
	require.NotEmpty(t, verdicts(t, r))
	require.Positive(t, a.most)
	require.LessOrEqual(t, a.most, p.AtOnce)
	require.GreaterOrEqual(t, p.Creates, p.AtOnce)
	require.Greater(t, p.Requests, p.Writes)
}

func TestOnlyAllowedValuesAreUsed(t *testing.T) {
	t.Parallel()
	s := &shelf{kept: map[string]string{}}
	withheld := 0
	r := runner(t, s, func(o *Options) { o.Limits.Values = map[string][]string{"label": {"mine"}} })
	for _, v := range verdicts(t, r) {
		if v.Outcome == contract.Skipped {
			withheld++
			require.Contains(t, v.Reason, `the label "a", and the run may only use mine`)
		}
	}
	require.NotZero(t, withheld)
	require.Zero(t, s.made)
}

func TestTheDeadlineEndsTheRunAndLeavesTimeToCleanUp(t *testing.T) {
	t.Parallel()
	s := &shelf{kept: map[string]string{}, after: 30 * time.Millisecond}
	r := runner(t, s, func(o *Options) {
		o.Kinds, o.Match, o.Concurrency, o.Deadline = nil, "createShelf/*", 1, 500*time.Millisecond
	})
	begin, late := time.Now(), 0
	for _, v := range verdicts(t, r) {
		if v.Outcome == contract.Unsent {
			late++
			require.Contains(t, v.Reason, "--deadline", v.Case.ID)
		}
	}
	require.NotZero(t, late)
	require.Less(t, time.Since(begin), 10*time.Second)
	require.Positive(t, s.made)
	require.Empty(t, s.kept, "the run left something behind")
}

package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

const things = "http://things.test/api/things"

func started(t *testing.T) (*Ledger, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), Dir, "a"+Suffix)
	l, err := New(name, Run{Target: "http://things.test/api", Contract: "things.yaml"})
	require.NoError(t, err)
	return l, name
}

func post(t *testing.T, l *Ledger) int {
	t.Helper()
	n, err := l.Create(Create{
		Case: "makeThing/example/a", Step: "makeThing", Method: "POST", URL: things, Body: `{"name":"<a>"}`,
		Remove: Request{Method: "DELETE", URL: things + "/{id}", Binds: []Bind{{Name: "id", Expr: "$response.body#/id"}}},
	})
	require.NoError(t, err)
	return n
}

// killed gives the lock back as a system does when a process ends.
func killed(t *testing.T, l *Ledger) {
	t.Helper()
	require.NoError(t, l.file.Close())
	require.NoError(t, l.lock.Unlock())
}

func TestASettingIsThereAfterAKillUntilItIsChangedBack(t *testing.T) {
	t.Parallel()
	l, name := started(t)
	a := Setting{Case: "setA/example/a", Change: Request{Method: "PATCH", URL: things + "/a"}, Members: []string{"on"}, Before: json.RawMessage(`{"on":12345678901234567890}`)}
	b := Setting{Case: "setB/example/b", Change: Request{Method: "PUT", URL: things + "/b"}, Before: json.RawMessage(`[null]`)}
	require.NoError(t, l.Change(a))
	require.NoError(t, l.Change(b))
	require.NoError(t, l.Back(things+"/b"))
	killed(t, l)

	again, err := Open(name)
	require.NoError(t, err)
	require.Len(t, again.Changed(), 1)
	got := again.Changed()[0]
	got.Type = ""
	require.Equal(t, a, got)
	require.NoError(t, again.Close())
	require.FileExists(t, name)

	again, err = Open(name)
	require.NoError(t, err)
	require.NoError(t, again.Back(things+"/a"))
	require.Empty(t, again.Changed())
	require.NoError(t, again.Close())
	require.NoFileExists(t, name)
}

func TestWhatIsLeftIsThereAfterAKill(t *testing.T) {
	t.Parallel()
	l, name := started(t)
	require.NoError(t, l.Before(Before{List: things, Things: []string{things + "/old"}}))
	lost, refused, made, removed := post(t, l), post(t, l), post(t, l), post(t, l)
	require.NoError(t, l.None(refused, "status 400"))
	require.NoError(t, l.Made(made, things+"/3"))
	require.NoError(t, l.Made(removed, things+"/4"))
	require.NoError(t, l.Removed(removed))
	want := l.Left()
	killed(t, l)

	again, err := Open(name)
	require.NoError(t, err)
	require.Equal(t, want, again.Left())
	require.Len(t, want, 2)
	require.Equal(t, []int{made, lost}, []int{want[0].N, want[1].N}, "the last one comes first")
	require.Equal(t, things+"/3", want[0].Made)
	require.Empty(t, want[1].Made)
	require.Equal(t, `{"name":"<a>"}`, want[1].Body)
	before, ok := again.Held(things)
	require.True(t, ok)
	require.Equal(t, []string{things + "/old"}, before.Things)
	require.True(t, again.Owns(things+"/4"), "what was removed was the run's own all the same")
	require.False(t, again.Owns(things+"/old"))
	require.Equal(t, "things.yaml", again.Run().Contract)
	require.False(t, again.Torn())

	require.NoError(t, again.None(lost, "not in the list"))
	require.NoError(t, again.Removed(made))
	require.Greater(t, post(t, again), removed, "numbers go on")
	require.NoError(t, again.None(removed+1, "status 400"))
	require.NoError(t, again.Close())
	require.NoFileExists(t, name)
	require.NoDirExists(t, filepath.Dir(name), "the folder is empty, and goes too")
}

func TestALedgerWithSomethingLeftStays(t *testing.T) {
	t.Parallel()
	l, name := started(t)
	post(t, l)
	require.NoError(t, l.Close())
	state, err := Read(name)
	require.NoError(t, err)
	require.Len(t, state.Left(), 1)
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(text), `{"type":"end"}`+"\n"))
	if runtime.GOOS != "windows" {
		for path, want := range map[string]fs.FileMode{name: 0o600, filepath.Dir(name): 0o700} {
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.Equal(t, want, info.Mode().Perm(), path)
		}
	}
	names, err := Files(filepath.Dir(name))
	require.NoError(t, err)
	require.Equal(t, []string{name}, names, "its lock is no ledger")
	_, err = New(name, Run{})
	require.ErrorContains(t, err, "conformance cleanup "+name)
	names, err = Files(filepath.Join(filepath.Dir(name), "nowhere"))
	require.NoError(t, err)
	require.Empty(t, names)
}

func TestALivingRunIsLeftAlone(t *testing.T) {
	t.Parallel()
	l, name := started(t)
	post(t, l)
	_, err := Open(name)
	require.ErrorIs(t, err, ErrLive)
	require.ErrorContains(t, err, name)
	killed(t, l)
	again, err := Open(name)
	require.NoError(t, err)
	killed(t, again)
	_, err = Open(name + "x")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestATornEndIsToleratedAndSaid(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]string{"cut": `{"type":"made","n":1,"u`, "holes": "\x00\x00\x00\x00\n", "no line break": `{"type":"none","n":1}`} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			l, name := started(t)
			n := post(t, l)
			_, err := l.file.WriteString(end)
			require.NoError(t, err)
			killed(t, l)
			again, err := Open(name)
			require.NoError(t, err)
			require.True(t, again.Torn())
			require.Len(t, again.Left(), 1)
			require.NoError(t, again.Made(n, things+"/1"))
			killed(t, again)
			state, err := Read(name)
			require.NoError(t, err, "the next line was glued to the torn one")
			require.False(t, state.Torn)
			require.Equal(t, things+"/1", state.Left()[0].Made)
		})
	}
}

func TestABrokenFileIsOneSentence(t *testing.T) {
	t.Parallel()
	const run = `{"type":"run","target":"http://things.test"}` + "\n"
	const create = `{"type":"create","n":1}` + "\n"
	for text, want := range map[string]string{
		"":                                   "it is empty",
		`{"type":"ru`:                        "within its first line",
		create + run:                         "line 1: the first record is not that of a run",
		run + run + create:                   "line 2: a second run",
		run + "{]\n" + create:                "line 2: that is no record of a ledger",
		run + `{"type":"x"}` + "\n" + create: `its type is "x"`,
		run + create + create:                "line 3: the create 1 comes again",
		run + `{"type":"made","n":7,"url":"u"}` + "\n" + create: "line 2: the create 7 was not there before",
		run + create + `{"type":"made","n":1}` + "\n" + create:  "line 3: what the create 1 made has no URL",
	} {
		name := filepath.Join(t.TempDir(), "broken"+Suffix)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		_, err := Open(name)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, name)
		require.ErrorContains(t, err, "delete", "the remedy")
		require.NotContains(t, err.Error(), "\n")
		_, err = Open(name)
		require.NotErrorIs(t, err, ErrLive, "the lock was kept")
	}
}

func TestManyCreatesAtOnce(t *testing.T) {
	t.Parallel()
	l, name := started(t)
	var running sync.WaitGroup
	for range 64 {
		running.Go(func() {
			n, err := l.Create(Create{Method: "POST", URL: things})
			if err == nil {
				err = l.Made(n, fmt.Sprint(things, "/", n))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	require.Len(t, l.Left(), 64)
	killed(t, l)
	state, err := Read(name)
	require.NoError(t, err)
	for i, e := range state.Left() {
		require.Equal(t, 64-i, e.N)
		require.Equal(t, fmt.Sprint(things, "/", e.N), e.Made)
	}
}

func TestAfterAnErrorNothingIsWritten(t *testing.T) {
	t.Parallel()
	l, _ := started(t)
	require.NoError(t, l.file.Close())
	_, err := l.Create(Create{})
	require.ErrorContains(t, err, "write ledger ")
	require.Equal(t, err, l.None(1, "refused"))
	require.Equal(t, err, errors.Unwrap(fmt.Errorf("%w", l.Removed(1))))
}

func TestBoundFillsWhatItCan(t *testing.T) {
	t.Parallel()
	r := Request{Method: "DELETE", URL: "http://x.test/{group}/things/{id}", Binds: []Bind{
		{Name: "group", Expr: "$request.path.group"},
		{Name: "id", Expr: "$response.body#/id", Under: []string{"content"}},
	}}
	e := &contract.Exchange{Params: map[string]string{"group": "a b"}}
	half, err := r.Bound(e)
	require.ErrorContains(t, err, "there is no $response.body#/id")
	require.Equal(t, "http://x.test/a%20b/things/{id}", half.URL)
	require.Len(t, half.Binds, 1)
	e.Response = &contract.Response{Status: 201, Header: http.Header{}, Body: []byte(`{"content":{"id":7}}`)}
	whole, err := half.Bound(e)
	require.NoError(t, err)
	require.Equal(t, "http://x.test/a%20b/things/7", whole.URL)
	require.Empty(t, whole.Binds)
}

func TestParentIsTheInnermostThingOfTheRunsOwn(t *testing.T) {
	t.Parallel()
	l, _ := started(t)
	n := post(t, l)
	require.NoError(t, l.Made(n, things+"/1?force=true"))
	for url, want := range map[string][2]bool{
		things + "/1/parts":     {true, true},
		things + "/1/parts/9?x": {true, true},
		things + "/1":           {false, false},
		things + "/12/parts":    {false, false},
	} {
		present, ours := l.Parent(url)
		require.Equal(t, want, [2]bool{present, ours}, url)
	}
	require.NoError(t, l.Removed(n))
	present, ours := l.Parent(things + "/1/parts")
	require.True(t, ours)
	require.False(t, present)
}

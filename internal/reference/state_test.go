package reference

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
)

// childState names the state file of a server that TestMain runs instead of
// the tests, so that a test can kill a whole process.
const childState = "REFERENCE_TEST_CHILD_STATE"

func TestMain(m *testing.M) {
	if path := os.Getenv(childState); path != "" {
		serveChild(path)
	}
	os.Exit(m.Run())
}

// serveChild serves until it is killed; its first line of output is its URL.
func serveChild(path string) {
	o := testOptions()
	o.State, o.Ready = path, time.Hour
	s, err := New(o)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Printf("http://%s%s\n", l.Addr(), basePath)
	fmt.Println(http.Serve(l, s))
	os.Exit(1)
}

// startChild starts such a process, and is its URL and what kills it.
func startChild(t *testing.T, path string) (url string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childState+"="+path)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	t.Cleanup(kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err, line)
	require.True(t, strings.HasPrefix(line, "http://"), line)
	return strings.TrimSpace(line), kill
}

func TestStateSurvivesAKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	ids := map[string]string{}
	deleted := ""
	for round, region := range []string{"us-east-1", "us-east-2", "us-west-1", "us-west-2"} {
		url, kill := startChild(t, path)
		c := newClient(t, url)
		id := c.create(projectA, "AWS", region)
		for other, known := range ids {
			require.Equal(t, 409, c.do("POST", createPath(projectA), createBody("AWS", other)).StatusCode, other)
			require.Equal(t, 200, c.do("GET", services(projectA, "AWS")+"/"+known, "").StatusCode)
		}
		ids[region] = id
		if round == 0 {
			require.Equal(t, 202, c.do("DELETE", services(projectA, "AWS")+"/"+id, "").StatusCode)
			require.Equal(t, 202, c.do("PATCH", "/groups/"+projectA+"/privateEndpoint/regionalMode", `{"enabled":true}`).StatusCode)
			delete(ids, region)
			deleted = id
		}
		kill() // at once: what was answered must be on disk
	}
	b := newBench(t, func(o *Options) { o.State, o.Now = path, func() time.Time { return time.Now().Add(time.Minute) } })
	require.Equal(t, 404, b.get(projectA, "AWS", deleted).Code)
	for _, id := range ids {
		require.Equal(t, "INITIATING", status(t, b.get(projectA, "AWS", id)))
	}
	require.EqualValues(t, 4, b.ask("GET", "/groups/"+projectA+"/containers", "").object(t)["totalCount"])
	require.Equal(t, `{"enabled":true}`, b.ask("GET", "/groups/"+projectA+"/privateEndpoint/regionalMode", "").text())
}

func TestStateGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	with := func(o *Options) { o.State = path }
	b := newBench(t, with)
	id := b.create(projectA, "AWS", "us-east-1")
	b.clock.advance(time.Second)
	ready := b.get(projectA, "AWS", id).text()
	containers := b.ask("GET", "/groups/"+projectA+"/containers", "").text()
	require.NoError(t, b.Close())

	later := newBench(t, with)
	require.Equal(t, "INITIATING", status(t, later.get(projectA, "AWS", id)), "its clock is back at the start")
	later.clock.advance(time.Second)
	require.Equal(t, ready, later.get(projectA, "AWS", id).text())
	require.Equal(t, 409, later.ask("POST", createPath(projectA), createBody("AWS", "US_EAST_1")).Code)
	require.Equal(t, 202, later.delete(projectA, "AWS", id).Code)
	require.NoError(t, later.Close())

	last := newBench(t, with)
	last.clock.advance(time.Second)
	require.Equal(t, "DELETING", status(t, last.get(projectA, "AWS", id)))
	last.clock.advance(time.Second)
	require.Equal(t, 404, last.get(projectA, "AWS", id).Code)
	require.NotEqual(t, id, last.create(projectA, "AWS", "us-east-1"))
	require.Equal(t, containers, last.ask("GET", "/groups/"+projectA+"/containers", "").text())
}

func TestStateFileInUse(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	newBench(t, func(o *Options) { o.State = path })
	o := testOptions()
	o.State = path
	_, err := New(o)
	require.EqualError(t, err, "reference server: open state file "+path+": another process has it open; stop that one, or give another file")
}

func TestStateFileDamaged(t *testing.T) {
	t.Parallel()
	whole := filepath.Join(t.TempDir(), "whole.db")
	b := newBench(t, func(o *Options) { o.State = whole })
	for _, region := range []string{"us-east-1", "us-east-2", "eu-west-1", "eu-west-2"} {
		b.create(projectA, "AWS", region)
	}
	require.NoError(t, b.Close())
	good, err := os.ReadFile(whole)
	require.NoError(t, err)
	page := os.Getpagesize()
	scribbled := append([]byte{}, good...)
	for i := 2 * page; i < len(scribbled); i++ {
		scribbled[i] = 0xff
	}
	noMeta := append(make([]byte, 2*page), good[2*page:]...)
	cases := map[string][]byte{
		"text":      []byte("this is no database\n"),
		"zeros":     make([]byte, 64<<10),
		"cut":       good[:len(good)/2],
		"cut short": good[:3*page],
		"tiny":      good[:100],
		"scribbled": scribbled,
		"no meta":   noMeta,
	}
	for name, content := range cases {
		path := filepath.Join(t.TempDir(), "damaged.db")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		o := testOptions()
		o.State = path
		s, err := New(o)
		require.Nil(t, s, name)
		require.ErrorContains(t, err, "open state file "+path+": the file is damaged or not a state file", name)
		require.ErrorContains(t, err, "remove this one", name)
		require.NotContains(t, err.Error(), "\n", name)
	}
}

func TestStateFileOfSomethingElse(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("accounts"))
		return err
	}))
	require.NoError(t, db.Close())
	o := testOptions()
	o.State = path
	_, err = New(o)
	require.ErrorContains(t, err, "it was not written by this server")
	require.NotContains(t, err.Error(), "\n")
}

func TestStateFileWithUnreadableValues(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.db")
	b := newBench(t, func(o *Options) { o.State = path })
	require.NoError(t, b.Close())
	db, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(serviceBucket)).Put([]byte(projectA+"/AWS/US_EAST_1"), []byte("{"))
	}))
	require.NoError(t, db.Close())
	o := testOptions()
	o.State = path
	_, err = New(o)
	require.ErrorContains(t, err, "read services "+projectA+"/AWS/US_EAST_1")
	require.NotContains(t, err.Error(), "\n")
}

func TestStateFileInNoFolder(t *testing.T) {
	t.Parallel()
	o := testOptions()
	o.State = filepath.Join(t.TempDir(), "no", "such", "folder.db")
	_, err := New(o)
	require.ErrorContains(t, err, "open state file: ")
	require.ErrorContains(t, err, "no such file or directory")
}

// A disk that fails is the one way to a 5xx, and it changes nothing.
func TestStateThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.State = filepath.Join(t.TempDir(), "state.db") })
	require.NoError(t, b.Close())
	refused(t, b.ask("POST", createPath(projectA), createBody("AWS", "us-east-1")), 500, "UNEXPECTED_ERROR")
	require.Empty(t, b.ask("GET", services(projectA, "AWS"), "").array(t))
}

// client is an independent digest client on a real connection.
type client struct {
	t    *testing.T
	url  string
	http *http.Client
}

func newClient(t *testing.T, url string) *client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &client{t, url, &http.Client{
		Timeout:   30 * time.Second,
		Transport: &digest.Transport{Username: "pub", Password: "priv", Transport: transport},
	}}
}

package contracttest_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/atlas-contract/conformance/contract/contracttest"
)

// greet is a right implementation of testdata/greetings.yaml.
func greet(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	text, known := map[string]string{"en": "hello", "fr": "bonjour"}[r.PathValue("language")]
	times, wrong := 1, false
	if r.URL.Query().Has("times") {
		n, err := strconv.Atoi(r.URL.Query().Get("times"))
		times, wrong = n, err != nil || !slices.Contains([]int{1, 2, 3}, n) || len(r.URL.Query()["times"]) > 1
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case !known:
		w.WriteHeader(http.StatusNotFound)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": "no such language"})
	case wrong:
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": "times is 1, 2 or 3"})
	default:
		_ = json.NewEncoder(w).Encode(map[string]string{"text": strings.Repeat(text, times)})
	}
}

// Greetings is the service as it would be served.
func Greetings() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/greetings/{language}", greet)
	return mux
}

// The test of a service that keeps its contract. In a file of your own it would
// be a function of its own, which go test finds by its name.
func ExampleRun() {
	TestContract := func(t *testing.T) {
		contracttest.Run(t, contracttest.Target{
			Handler: Greetings(),
			Spec:    "testdata/greetings.yaml",
		})
	}
	fmt.Println("kept:", passes(TestContract))
	// Output: kept: true
}

// passes runs a test as go test does, whatever the flags pick, and prints only
// what fails.
func passes(test func(*testing.T)) bool {
	verbose := flag.Lookup("test.v").Value
	was := verbose.String()
	_ = verbose.Set("false")
	defer func() { _ = verbose.Set(was) }()
	all := func(_, _ string) (bool, error) { return true, nil }
	return testing.RunTests(all, []testing.InternalTest{{Name: "TestContract", F: test}})
}

package reference

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOptionMistakesAreClear(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*Options){
		`unknown profile "v2": choose "documented" or "observed"`:                                   func(o *Options) { o.Profile = "v2" },
		`unknown envelope key "body": choose "envelope" or "content"`:                               func(o *Options) { o.EnvelopeKey = "body" },
		`no projects: name the id of at least one`:                                                  func(o *Options) { o.Projects = nil },
		`project id "xyz": want 24 lower-case hex digits`:                                           func(o *Options) { o.Projects = []string{"xyz"} },
		`no credentials: name at least one API key`:                                                 func(o *Options) { o.Credentials = nil },
		`an API key has no name: its public key is the digest username`:                             func(o *Options) { o.Credentials[""] = Credential{Key: "k"} },
		`API key "a:b": a digest username cannot contain a colon`:                                   func(o *Options) { o.Credentials["a:b"] = Credential{Key: "k"} },
		`API key "x": its private key is empty`:                                                     func(o *Options) { o.Credentials["x"] = Credential{} },
		`API key "x", project ` + projectA + `: unknown role "admin": choose owner, reader or none`: func(o *Options) { o.Credentials["x"] = Credential{Key: "k", Roles: map[string]Role{projectA: "admin"}} },
		`API key "x" has a role in project "` + noSuchID + `", which is not among the projects`:     func(o *Options) { o.Credentials["x"] = Credential{Key: "k", Roles: map[string]Role{noSuchID: Owner}} },
		`timings of unknown provider "IBM": choose AWS, AZURE or GCP`:                               func(o *Options) { o.Timings = map[string]Timing{"IBM": {}} },
		`failing region "atlantis": no provider has a region of this name`:                          func(o *Options) { o.FailingRegions = []string{"atlantis"} },
		`nonce lifetime -1s is negative: give a positive one, or 0 for 5m0s`:                        func(o *Options) { o.NonceTTL = -time.Second },
	}
	for want, change := range cases {
		o := testOptions()
		change(&o)
		s, err := New(o)
		require.Nil(t, s, want)
		require.EqualError(t, err, "reference server: "+want)
	}
}

func TestCloseWithoutState(t *testing.T) {
	t.Parallel()
	s, err := New(testOptions())
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

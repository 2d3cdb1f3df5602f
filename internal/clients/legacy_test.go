package clients

import (
	"net/url"
	"slices"
	"testing"

	forks "github.com/mongodb-forks/digest"
	"github.com/stretchr/testify/require"
	atlas "go.mongodb.org/atlas/mongodbatlas"

	"github.com/atlas-contract/conformance/internal/reference"
)

// What a Terraform resource does with the vendor's legacy client: create, poll
// until one of the states that it waits for, delete, poll until 404.
func TestALegacyClientPollsToReadyAndToGone(t *testing.T) {
	t.Parallel()
	for _, profile := range []reference.Profile{reference.Documented, reference.Observed} {
		for provider, region := range map[string]string{"AWS": "eu-west-1", "AZURE": "EUROPE_NORTH"} {
			t.Run(string(profile)+" "+provider, func(t *testing.T) {
				t.Parallel()
				resource(t, profile, provider, region)
			})
		}
	}
}

func resource(t *testing.T, profile reference.Profile, provider, region string) {
	s := serve(t, profile)
	signed, err := forks.NewTransport("public", "secret").Client()
	require.NoError(t, err)
	c := atlas.NewClient(signed)
	c.BaseURL, err = url.Parse(s.URL + "/")
	require.NoError(t, err)

	made, _, err := c.PrivateEndpoints.Create(t.Context(), project, &atlas.PrivateEndpointConnection{ProviderName: provider, Region: region})
	require.NoError(t, err)
	poll(t, func() bool {
		seen, _, err := c.PrivateEndpoints.Get(t.Context(), project, provider, made.ID)
		require.NoError(t, err)
		require.NotEqual(t, "FAILED", seen.Status)
		return slices.Contains([]string{"WAITING_FOR_USER", "AVAILABLE"}, seen.Status)
	})
	_, err = c.PrivateEndpoints.Delete(t.Context(), project, provider, made.ID)
	require.NoError(t, err)
	poll(t, func() bool {
		_, reply, err := c.PrivateEndpoints.Get(t.Context(), project, provider, made.ID)
		require.NotNil(t, reply)
		return err != nil && reply.StatusCode == 404
	})
}

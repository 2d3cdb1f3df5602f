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

// The client escapes the id of an endpoint, which at AZURE is a path of its own.
func TestALegacyClientAttachesAndRemovesAnEndpoint(t *testing.T) {
	t.Parallel()
	for provider, wanted := range map[string]*atlas.InterfaceEndpointConnection{
		"AWS":   {ID: "vpce-0a1b2c3d4e5f60718"},
		"AZURE": {ID: resourceID, PrivateEndpointIPAddress: "10.0.0.4"},
		"GCP": {
			EndpointGroupName: "atlas-group", GCPProjectID: "p-network",
			Endpoints: []*atlas.GCPEndpoint{{EndpointName: "atlas-0", IPAddress: "10.0.0.4"}},
		},
	} {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			attached(t, provider, wanted)
		})
	}
}

const resourceID = "/subscriptions/00000000-0000-4000-a000-000000000000/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/atlas"

func attached(t *testing.T, provider string, wanted *atlas.InterfaceEndpointConnection) {
	s := serve(t, reference.Observed)
	signed, err := forks.NewTransport("public", "secret").Client()
	require.NoError(t, err)
	c := atlas.NewClient(signed)
	c.BaseURL, err = url.Parse(s.URL + "/")
	require.NoError(t, err)
	region := map[string]string{"AWS": "eu-west-1", "AZURE": "EUROPE_NORTH", "GCP": "us-central1"}[provider]
	service, _, err := c.PrivateEndpoints.Create(t.Context(), project, &atlas.PrivateEndpointConnection{ProviderName: provider, Region: region})
	require.NoError(t, err)
	id := wanted.ID + wanted.EndpointGroupName
	poll(t, func() bool {
		made, _, err := c.PrivateEndpoints.AddOnePrivateEndpoint(t.Context(), project, provider, service.ID, wanted)
		return err == nil && made.InterfaceEndpointID+made.PrivateEndpointResourceID+made.EndpointGroupName == id
	})
	poll(t, func() bool {
		seen, _, err := c.PrivateEndpoints.GetOnePrivateEndpoint(t.Context(), project, provider, service.ID, id)
		require.NoError(t, err)
		return seen.AWSConnectionStatus+seen.Status == "AVAILABLE"
	})
	seen, _, err := c.PrivateEndpoints.Get(t.Context(), project, provider, service.ID)
	require.NoError(t, err)
	require.Equal(t, []string{id}, slices.Concat(seen.InterfaceEndpoints, seen.PrivateEndpoints, seen.EndpointGroupNames))

	_, err = c.PrivateEndpoints.Delete(t.Context(), project, provider, service.ID)
	require.ErrorContains(t, err, "CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS")
	_, err = c.PrivateEndpoints.DeleteOnePrivateEndpoint(t.Context(), project, provider, service.ID, id)
	require.NoError(t, err)
	poll(t, func() bool {
		_, reply, err := c.PrivateEndpoints.GetOnePrivateEndpoint(t.Context(), project, provider, service.ID, id)
		return err != nil && reply != nil && reply.StatusCode == 404
	})
	_, err = c.PrivateEndpoints.Delete(t.Context(), project, provider, service.ID)
	require.NoError(t, err)
}

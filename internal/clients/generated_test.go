package clients

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/icholy/digest"
	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/gen"
	"github.com/atlas-contract/conformance/internal/reference"
)

// serve starts a server whose services are ready and gone soon.
func serve(t *testing.T, profile reference.Profile) *httptest.Server {
	t.Helper()
	s, err := start(reference.Options{Profile: profile, Ready: 20 * time.Millisecond, Delete: 20 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func generated(t *testing.T, s *httptest.Server, key string) *gen.ClientWithResponses {
	t.Helper()
	signed := &http.Client{Transport: &digest.Transport{Username: "public", Password: key}}
	c, err := gen.NewClientWithResponses(s.URL+"/api/atlas/v1.0", gen.WithHTTPClient(signed))
	require.NoError(t, err)
	return c
}

// poll looks every few milliseconds until done says so.
func poll(t *testing.T, done func() bool) {
	t.Helper()
	require.Eventually(t, done, 10*time.Second, 5*time.Millisecond)
}

func TestTheGeneratedClientSeesAServiceThroughItsLife(t *testing.T) {
	t.Parallel()
	c := generated(t, serve(t, reference.Documented), "secret")
	made, err := c.CreatePrivateEndpointServiceWithResponse(t.Context(), project, nil,
		gen.CreateServiceRequest{ProviderName: gen.ProviderNameAWS, Region: "US_EAST_1"})
	require.NoError(t, err)
	require.Equal(t, 201, made.StatusCode(), string(made.Body))
	service, err := made.JSON201.AsAWSService()
	require.NoError(t, err)

	list, err := c.ListPrivateEndpointServicesWithResponse(t.Context(), project, gen.ProviderNameAWS, nil)
	require.NoError(t, err)
	services, err := list.JSON200.AsServiceList()
	require.NoError(t, err)
	require.Len(t, services, 1)

	poll(t, func() bool {
		got, err := c.GetPrivateEndpointServiceWithResponse(t.Context(), project, gen.ProviderNameAWS, service.ID, nil)
		require.NoError(t, err)
		require.Equal(t, 200, got.StatusCode())
		seen, err := got.JSON200.AsAWSService()
		require.NoError(t, err)
		require.Equal(t, service.ID, seen.ID)
		return seen.Status == "WAITING_FOR_USER"
	})
	removed, err := c.DeletePrivateEndpointServiceWithResponse(t.Context(), project, gen.ProviderNameAWS, service.ID, nil)
	require.NoError(t, err)
	require.Equal(t, 202, removed.StatusCode())
	poll(t, func() bool {
		got, err := c.GetPrivateEndpointServiceWithResponse(t.Context(), project, gen.ProviderNameAWS, service.ID, nil)
		require.NoError(t, err)
		return got.StatusCode() == 404 && got.JSON404 != nil
	})
}

func TestTheGeneratedClientGetsErrorsAsTypes(t *testing.T) {
	t.Parallel()
	s := serve(t, reference.Documented)
	refused, err := generated(t, s, "secret").CreatePrivateEndpointServiceWithResponse(t.Context(), project, nil,
		gen.CreateServiceRequest{ProviderName: gen.ProviderNameAWS, Region: "nowhere"})
	require.NoError(t, err)
	require.NotNil(t, refused.JSON400, string(refused.Body))
	problem, err := refused.JSON400.AsError()
	require.NoError(t, err)
	require.EqualValues(t, 400, problem.Error)

	unknown, err := generated(t, s, "wrong").ListPrivateEndpointServicesWithResponse(t.Context(), project, gen.ProviderNameAWS, nil)
	require.NoError(t, err)
	require.Equal(t, 401, unknown.StatusCode())
}

func TestTheGeneratedClientReadsEnvelopes(t *testing.T) {
	t.Parallel()
	c := generated(t, serve(t, reference.Documented), "secret")
	yes := true
	list, err := c.ListPrivateEndpointServicesWithResponse(t.Context(), project, gen.ProviderNameAZURE,
		&gen.ListPrivateEndpointServicesParams{Envelope: &yes, Pretty: &yes})
	require.NoError(t, err)
	wrapped, err := list.JSON200.AsServiceListEnvelope()
	require.NoError(t, err)
	require.EqualValues(t, 200, wrapped.Status)
	require.Empty(t, wrapped.Envelope)
}

func TestTheGeneratedClientAttachesAnEndpoint(t *testing.T) {
	t.Parallel()
	c := generated(t, serve(t, reference.Documented), "secret")
	made, err := c.CreatePrivateEndpointServiceWithResponse(t.Context(), project, nil,
		gen.CreateServiceRequest{ProviderName: gen.ProviderNameAZURE, Region: "eastus2"})
	require.NoError(t, err)
	service, err := made.JSON201.AsAZUREService()
	require.NoError(t, err)
	poll(t, func() bool {
		reply, err := c.AttachAZUREEndpointWithResponse(t.Context(), project, service.ID, nil,
			gen.AttachAZURERequest{ID: resourceID, PrivateEndpointIPAddress: "10.0.0.4"})
		require.NoError(t, err)
		if reply.StatusCode() == 409 {
			return false // not ready
		}
		endpoint, err := reply.JSON201.AsAZUREEndpoint()
		require.NoError(t, err)
		require.NotNil(t, endpoint.PrivateEndpointResourceID)
		require.Equal(t, resourceID, *endpoint.PrivateEndpointResourceID)
		return true
	})
	got, err := c.GetAZUREEndpointWithResponse(t.Context(), project, service.ID, resourceID, nil)
	require.NoError(t, err)
	require.Equal(t, 200, got.StatusCode(), string(got.Body))
	removed, err := c.DeleteAZUREEndpointWithResponse(t.Context(), project, service.ID, resourceID, nil)
	require.NoError(t, err)
	require.Equal(t, 202, removed.StatusCode(), string(removed.Body))
}

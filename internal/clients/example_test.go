package clients

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/icholy/digest"

	"github.com/atlas-contract/conformance/gen"
	"github.com/atlas-contract/conformance/internal/reference"
)

const project = "5f7cac1adf5d6c6306f4b283"

// A service is created through the generated client. Digest credentials are a
// matter of its http.Client.
func Example() {
	server, err := start(reference.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	signed := &http.Client{Transport: &digest.Transport{Username: "public", Password: "secret"}}
	client, err := gen.NewClientWithResponses(server.URL+"/api/atlas/v1.0", gen.WithHTTPClient(signed))
	if err != nil {
		fmt.Println(err)
		return
	}
	reply, err := client.CreatePrivateEndpointServiceWithResponse(context.Background(), project, nil,
		gen.CreateServiceRequest{ProviderName: gen.ProviderNameAWS, Region: "us-east-1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	service, err := reply.JSON201.AsAWSService()
	fmt.Println(reply.Status(), service.Status, err)
	// Output: 201 Created INITIATING <nil>
}

// start puts a reference server on a free port, with one owner and one project.
func start(o reference.Options) (*httptest.Server, error) {
	o.Projects = []string{project}
	o.Credentials = map[string]reference.Credential{
		"public": {Key: "secret", Roles: map[string]reference.Role{project: reference.Owner}},
	}
	s, err := reference.New(o)
	if err != nil {
		return nil, err
	}
	return httptest.NewServer(s), nil
}

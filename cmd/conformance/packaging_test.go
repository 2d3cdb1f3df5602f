package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// action is what the test needs to know of action.yml.
type action struct {
	Inputs map[string]struct {
		Description string
		Default     string
	}
	Runs struct {
		Steps []struct {
			ID, Run string
			Env     map[string]string
		}
	}
}

func readAction(t *testing.T) (a action) {
	t.Helper()
	data, err := os.ReadFile("../../action.yml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(data, &a))
	return a
}

// What a workflow says reaches the program word for word, and is never run by
// the shell.
func TestActionPassesItsInputsOn(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("needs bash")
	}
	a := readAction(t)
	step := a.Runs.Steps[len(a.Runs.Steps)-1]
	require.Equal(t, "run", step.ID)
	require.NotContains(t, step.Run, "${{", "an input in a script is run by the shell")
	dir := t.TempDir()
	bin := filepath.Join(dir, "conformance", "conformance")
	require.NoError(t, os.MkdirAll(filepath.Dir(bin), 0o755))
	require.NoError(t, os.WriteFile(bin, []byte("#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$RUNNER_TEMP/args\"\nexit 1\n"), 0o755))
	cmd := exec.Command(bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run)
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+dir, "GITHUB_OUTPUT="+filepath.Join(dir, "out"), "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"))
	for name, value := range map[string]string{
		"TARGET": "http://127.0.0.1/$(id)", "SPEC": "my openapi.yaml", "CONFIG": "", "REPORT": "a.jsonl\nb c.html\n", "ARGS": "--run\ncreate*\n--strict\n",
	} {
		require.Contains(t, step.Env, name)
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	require.Len(t, step.Env, 5)
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Run(), &exit)
	require.Equal(t, 1, exit.ExitCode(), "the exit code is that of the run")
	got, err := os.ReadFile(filepath.Join(dir, "args"))
	require.NoError(t, err)
	told := filepath.Join(dir, "conformance", "told")
	require.Equal(t, []string{
		"run", "--yes", "--report", told + ".md", "--report", told + ".annotations", "http://127.0.0.1/$(id)",
		"--spec", "my openapi.yaml", "--report", "a.jsonl", "--report", "b c.html", "--run", "create*", "--strict",
	}, strings.Split(strings.TrimSpace(string(got)), "\n"))
	out, err := os.ReadFile(filepath.Join(dir, "out"))
	require.NoError(t, err)
	require.Equal(t, "exit=1\n", string(out))
}

// Every input has its description and a step that reads it.
func TestActionUsesItsInputs(t *testing.T) {
	t.Parallel()
	a := readAction(t)
	used := map[string]bool{}
	for _, step := range a.Runs.Steps {
		for _, value := range step.Env {
			if found := regexp.MustCompile(`inputs\.(\w+)`).FindStringSubmatch(value); found != nil {
				used[found[1]] = true
			}
		}
	}
	require.Len(t, a.Inputs, len(used))
	for name, input := range a.Inputs {
		require.True(t, used[name], name)
		require.NotEmpty(t, input.Description, name)
	}
}

// The image is built by the Go version that the module asks for.
func TestContainerfileHasTheGoVersion(t *testing.T) {
	t.Parallel()
	module, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	version := regexp.MustCompile(`(?m)^go (.+)$`).FindSubmatch(module)
	require.NotNil(t, version)
	file, err := os.ReadFile("../../Containerfile")
	require.NoError(t, err)
	require.Contains(t, string(file), "FROM golang:"+string(version[1])+" AS build")
	require.Regexp(t, `(?m)^USER \d+:\d+$`, string(file))
}

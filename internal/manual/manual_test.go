package manual

import (
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"
)

// odd is a command line whose texts mean something to shells and to roff.
type odd struct {
	Quote struct {
		File string `arg:"" help:".SH it's a 'file' [or] \\fBnot\\fR: $(id)"`
		Word string `short:"w" placeholder:"A:B" help:"'single', [brackets]: colons; $(touch x) \"double\" \\ and -dashes"`
		Kind string `placeholder:"KIND" help:"One of two."`
	} `cmd:"" help:".TH isn't [one] \\ $(id)"`
	Secret struct{} `cmd:"" hidden:"" help:"Not told."`
}

func model(t *testing.T) *Program {
	t.Helper()
	parser, err := kong.New(&odd{}, kong.Name("odd"), kong.Description("An odd program: for tests."))
	require.NoError(t, err)
	return Of(parser.Model, map[string][]string{"kind": {"this", "that"}})
}

func written(t *testing.T, write func(io.Writer, *Program) error) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, write(&b, model(t)))
	require.NotContains(t, b.String(), "secret")
	return b.String()
}

func TestOf(t *testing.T) {
	t.Parallel()
	p := model(t)
	require.Len(t, p.Commands, 1)
	c := p.Commands[0]
	require.Equal(t, "quote <file>", c.Synopsis)
	require.Equal(t, []string{"--word", "--kind", "--help"}, dashed(p.all(&c)))
	require.Equal(t, "w", c.Flags[0].Short)
	require.Equal(t, "A:B", c.Flags[0].Value)
	require.Equal(t, []string{"this", "that"}, c.Flags[1].Choices)
	require.Empty(t, p.Flags[0].Value, "--help takes no value")
}

// Each shell reads its completion, whatever a help text has in it.
func TestShellsReadThem(t *testing.T) {
	t.Parallel()
	for shell, write := range map[string]func(io.Writer, *Program) error{"bash": Bash, "zsh": Zsh, "fish": Fish} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			text := written(t, write)
			require.Contains(t, text, "this that")
			bin, err := exec.LookPath(shell)
			if err != nil {
				t.Skipf("needs %s to read what is for it", shell)
			}
			cmd := exec.Command(bin, "-n")
			cmd.Stdin = strings.NewReader(text)
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
			require.Empty(t, string(out))
		})
	}
}

func TestBashCompletes(t *testing.T) {
	t.Parallel()
	bin, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("needs bash")
	}
	for line, want := range map[string]string{
		"odd q":                "quote",
		"odd quote --w":        "--word",
		"odd quote --kind th":  "this that",
		"odd quote --kind tha": "that",
		"odd quote --word x":   "",
	} {
		script := written(t, Bash) + "COMP_WORDS=(" + line + "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _odd; printf %s \"${COMPREPLY[*]}\"\n"
		out, err := exec.Command(bin, "-c", script).CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Equal(t, want, string(out), line)
	}
}

// The page has no line that is a request to roff but its own.
func TestMan(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	require.NoError(t, Man(&b, model(t), "v1", Section{"FILES", ".so /etc/passwd\n'so x"}))
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, ".") {
			require.Regexp(t, `^\.(TH|SH|SS|TP|PP|B|I|nf|fi)\b`, line)
		}
		require.False(t, strings.HasPrefix(line, "'"), line)
	}
	require.Contains(t, b.String(), `\-\-word`)
	require.Contains(t, b.String(), ".SH NAME\nodd \\- An odd program\n")
}

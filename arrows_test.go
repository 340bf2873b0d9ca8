package switchboard_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// These tests open the source files themselves: a test that shells out to the go command is answered from the test cache.

// source is a Go file of ours.
type source struct {
	name string // internal/desk/promise.go
	file *ast.File
	set  *token.FileSet
}

// folder is the package's path within the module, "" for the root.
func (s source) folder() string {
	if d := path.Dir(s.name); d != "." {
		return d
	}
	return ""
}

func (s source) isTest() bool { return strings.HasSuffix(s.name, "_test.go") }

// at says where a node is, as an editor understands it.
func (s source) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", s.name, s.set.Position(n.Pos()).Line)
}

// imports returns the imported paths by the name they have in the file.
func (s source) imports() map[string]string {
	all := map[string]string{}
	for _, spec := range s.file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(p)
		if strings.HasPrefix(name, "v") && strings.Trim(name[1:], "0123456789") == "" { // math/rand/v2
			name = path.Base(path.Dir(p))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		all[name] = p
	}
	return all
}

func parse(t testing.TB, name string, text any) source {
	t.Helper()
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%s cannot be read as Go: %v", name, err)
	}
	return source{filepath.ToSlash(name), f, set}
}

// sources reads every Go file of the project.
func sources(t testing.TB) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata"):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ".go"):
			all = append(all, parse(t, name, nil))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d files are found: the tests must run at the root of the project", len(all))
	}
	return all
}

const module = "switchboard/"

var (
	ground   = []string{"clock", "config", "egress", "fault", "id", "job", "journal", "letters", "picture", "secret", "setting", "store"}
	features = []string{"staff", "contact", "account", "desk", "insight", "policy", "advice", "topic", "skill", "library", "mail", "notify", "writing", "board"}
	pure     = []string{"triage", "routing", "lookalike", "proof", "promise", "storm"}
	middle   = []string{"intake", "delivery"}
)

// mayImport says whether a package may import another, both as paths within the module ("internal/desk").
func mayImport(from, to string) bool {
	in, out := strings.TrimPrefix(from, "internal/"), strings.TrimPrefix(to, "internal/")
	head := func(p string) string { h, _, _ := strings.Cut(p, "/"); return h }
	has := func(list []string) bool { return slices.Contains(list, head(out)) }
	contract := out == "channel"
	switch {
	case strings.HasPrefix(from, "cmd/") || head(from) == "bench" || head(from) == "test":
		return true
	case head(from) == "examples":
		return false // an example is what anybody could have written
	case in == "sim/acme":
		return true // a company that lives in the whole product: like app, only what starts programs stands above it
	case !strings.HasPrefix(from, "internal/"):
		return head(out) == head(in) // web: its own parts
	case head(in) == head(out) && head(in) != "channel":
		return true // parts of one thing
	case slices.Contains(ground, head(in)):
		return has(ground)
	case slices.Contains(pure, head(in)):
		return out == "letters"
	case in == "channel":
		return out == "fault" || out == "id"
	case in == "channel/all":
		return strings.HasPrefix(out, "channel/") || contract
	case head(in) == "channel":
		return contract || out == "fault" || out == "egress" || out == "picture" || out == in || strings.HasPrefix(out, in+"/")
	case in == "policy" || in == "insight" || in == "board": // they try the judgement on the past
		return has(ground) || contract || has(features) || has(pure)
	case in == "contact" && out == "lookalike": // who only looks like another is not suspected to be the same person
		return true
	case slices.Contains(features, head(in)):
		return has(ground) || contract || has(features)
	case slices.Contains(middle, head(in)):
		return has(ground) || contract || has(features) || has(pure)
	case head(in) == "sim":
		return contract || out == "fault" || out == "clock"
	case head(in) == "api":
		return has(ground) || contract || has(features) || has(pure) || has(middle) || to == "web"
	case head(in) == "app":
		return true
	}
	return false
}

// supports reports whether a package is there for tests: storetest, channeltest, and what lies in the folder test.
func supports(folder string) bool {
	return strings.HasSuffix(path.Base(folder), "test") || strings.HasPrefix(folder, "test/")
}

// wrongArrows returns the imports of a file that it must not have.
func wrongArrows(s source) []string {
	if s.isTest() || supports(s.folder()) || s.folder() == "" {
		return nil
	}
	var wrong []string
	for _, spec := range s.file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		to, ours := strings.CutPrefix(p, module)
		switch {
		case !ours:
		case supports(to):
			wrong = append(wrong, fmt.Sprintf("%s: %s imports %s, which is there for tests", s.at(spec), s.folder(), to))
		case !mayImport(s.folder(), to):
			wrong = append(wrong, fmt.Sprintf("%s: %s must not import %s", s.at(spec), s.folder(), to))
		}
	}
	return wrong
}

func TestImportsPointDown(t *testing.T) {
	for _, s := range sources(t) {
		for _, w := range wrongArrows(s) {
			t.Error(w)
		}
	}
}

func TestWrongArrowsAreSeen(t *testing.T) {
	for name, tt := range map[string]struct {
		file, imports string
		wrong         bool
	}{
		"the desk keeps things in the store":           {"internal/desk/a.go", "internal/store", false},
		"the store knows no desk":                      {"internal/store/a.go", "internal/desk", true},
		"the journal stands on the store":              {"internal/journal/a.go", "internal/store", false},
		"the clock knows no channel":                   {"internal/clock/a.go", "internal/channel", true},
		"triage imports nothing of ours":               {"internal/triage/a.go", "internal/fault", true},
		"nor routing":                                  {"internal/routing/a.go", "internal/triage", true},
		"parts of triage":                              {"internal/triage/a.go", "internal/triage/model", false},
		"a connector knows the contract":               {"internal/channel/feed/a.go", "internal/channel", false},
		"a connector asks the gate":                    {"internal/channel/feed/a.go", "internal/egress", false},
		"a connector never sees the store":             {"internal/channel/feed/a.go", "internal/store", true},
		"nor another connector":                        {"internal/channel/feed/a.go", "internal/channel/hook", true},
		"the contract knows no connector":              {"internal/channel/a.go", "internal/channel/feed", true},
		"the list of connectors does":                  {"internal/channel/all/a.go", "internal/channel/feed", false},
		"a feature knows the people":                   {"internal/desk/a.go", "internal/staff", false},
		"a feature does not know the intake":           {"internal/desk/a.go", "internal/intake", true},
		"nor the triage":                               {"internal/desk/a.go", "internal/triage", true},
		"policy tries what routing would say":          {"internal/policy/a.go", "internal/routing", false},
		"but does not take messages in":                {"internal/policy/a.go", "internal/intake", true},
		"advice knows the desk, not the triage":        {"internal/advice/a.go", "internal/triage", true},
		"nor the simulator":                            {"internal/desk/a.go", "internal/sim", true},
		"the intake asks triage":                       {"internal/intake/a.go", "internal/triage", false},
		"the intake does not deliver":                  {"internal/intake/a.go", "internal/delivery", true},
		"the api is above delivery":                    {"internal/api/a.go", "internal/delivery", false},
		"the api knows no connector":                   {"internal/api/a.go", "internal/channel/feed", true},
		"the api does not know what wires it":          {"internal/api/a.go", "internal/app", true},
		"the app wires everything":                     {"internal/app/a.go", "internal/channel/all", false},
		"the simulator speaks the contract":            {"internal/sim/a.go", "internal/channel", false},
		"the simulator drives over HTTP, not the desk": {"internal/sim/a.go", "internal/desk", true},
		"a stranger on no floor":                       {"internal/util/a.go", "internal/store", true},
		"an example stands alone":                      {"examples/a/a.go", "internal/channel", true},
		"what is for tests stays there":                {"internal/app/a.go", "internal/store/storetest", true},
		"a test may use it":                            {"internal/desk/a_test.go", "internal/store/storetest", false},
		"the command starts the app":                   {"cmd/switchboard/a.go", "internal/app", false},
	} {
		t.Run(name, func(t *testing.T) {
			got := wrongArrows(parse(t, tt.file, "package a\n\nimport _ \""+module+tt.imports+"\"\n"))
			if (len(got) > 0) != tt.wrong {
				t.Fatalf("wrong arrows: %q", got)
			}
			if tt.wrong && !strings.HasPrefix(got[0], tt.file+":3: ") {
				t.Errorf("%q does not say where", got[0])
			}
		})
	}
}

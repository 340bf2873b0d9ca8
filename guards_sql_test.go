package switchboard_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// SQL is written out. A query is ours if it is made of constants, of what package store gives for a dialect, and of numbers:
// nothing in it can come from outside, which is bound as $n. Where it must be pieced together otherwise, the function that
// does it is listed here with the reason why it is safe.
var sqlBuilders = map[string]string{
	"internal/contact/list_sql.go Query.sql":   "every word is a constant of the function; what people give is bound",
	"internal/contact/words_sql.go way.sql":    "likewise",
	"internal/desk/inbox_sql.go Query.sql":     "every word is a constant of the package; what people give is bound",
	"internal/desk/promise_sql.go scope.page":  "every word is a constant of the package; what people give is bound",
	"internal/desk/promise_sql.go scope.open":  "every word is a constant of the package; what people give is bound",
	"internal/desk/promise_sql.go scope.ended": "every word is a constant of the package; what people give is bound",
	"internal/desk/inbox_sql.go Query.last":    "likewise",
	"internal/setting/setting_sql.go Row.sql":  "the statements are constants of the package, and so is the table's name: its type takes nothing else",
}

// queries are the methods that take SQL, and which argument it is (of a pair, the first if there is no context).
var queries = []string{"QueryContext", "QueryRowContext", "ExecContext", "PrepareContext", "Query", "QueryRow", "Exec", "Prepare"}

// consts returns the names of all string constants by folder: "internal/desk.columns".
func consts(all []source) map[string]bool {
	names := map[string]bool{}
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				for _, spec := range d.Specs {
					for _, id := range spec.(*ast.ValueSpec).Names {
						names[s.folder()+"."+id.Name] = true
					}
				}
			}
			return true
		})
	}
	return names
}

// sqlCheck looks at the queries of one function.
type sqlCheck struct {
	source
	all     []source // of the whole project
	consts  map[string]bool
	imports map[string]string
	f       *ast.FuncDecl
	depth   int
}

// foreign returns the queries of a file that are not ours.
func foreign(s source, all []source, consts map[string]bool) []string {
	imports := s.imports()
	usesSQL := false
	for _, p := range imports {
		usesSQL = usesSQL || p == "database/sql" || p == module+"internal/store" || strings.HasPrefix(p, "github.com/jackc/pgx")
	}
	if s.isTest() || !usesSQL || supports(s.folder()) || strings.HasPrefix(s.name, "internal/store/") || strings.HasPrefix(s.name, "bench/") {
		return nil
	}
	var wrong []string
	for _, f := range functions(s) {
		c := sqlCheck{s, all, consts, imports, f, 0}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if q := query(call); q != nil && !c.ours(q) {
					wrong = append(wrong, fmt.Sprintf("%s: this SQL is not made of constants: write it out, and bind what comes from outside as $n", s.at(q)))
				}
			}
			return true
		})
	}
	return wrong
}

func functions(s source) []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			all = append(all, f)
		}
	}
	return all
}

// query returns the SQL argument of a call, nil if it takes none.
func query(call *ast.CallExpr) ast.Expr {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(queries, f.Sel.Name) {
		return nil
	}
	if len(call.Args) >= 2 {
		id, _ := call.Args[0].(*ast.Ident)
		inner, isCall := call.Args[0].(*ast.CallExpr) // r.Context()
		if strings.HasSuffix(f.Sel.Name, "Context") || id != nil && id.Name == "ctx" || isCall && len(inner.Args) == 0 {
			return call.Args[1]
		}
	}
	if len(call.Args) >= 1 && !strings.HasSuffix(f.Sel.Name, "Context") {
		return call.Args[0]
	}
	return nil
}

// ours reports whether an expression is SQL of our own making.
func (c sqlCheck) ours(e ast.Expr) bool {
	if c.depth++; c.depth > 20 {
		return false
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return c.ours(e.X)
	case *ast.BinaryExpr:
		return e.Op == token.ADD && c.ours(e.X) && c.ours(e.Y)
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && c.consts[strings.TrimPrefix(c.imports[x.Name], module)+"."+e.Sel.Name]
	case *ast.CallExpr:
		return c.ourCall(e)
	case *ast.Ident:
		return c.consts[c.folder()+"."+e.Name] || c.ourVariable(e.Name)
	}
	return false
}

// ourCall allows package store, numbers, and the builders that are listed.
func (c sqlCheck) ourCall(e *ast.CallExpr) bool {
	switch f := e.Fun.(type) {
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			switch c.imports[x.Name] {
			case module + "internal/store":
				return true
			case "strconv":
				return f.Sel.Name == "Itoa" || f.Sel.Name == "FormatInt"
			}
		}
		return c.listed(f.Sel.Name)
	case *ast.Ident:
		return c.listed(f.Name)
	}
	return false
}

// listed reports whether a function or method of this package is among the builders.
func (c sqlCheck) listed(name string) bool {
	for b := range sqlBuilders {
		file, f, _ := strings.Cut(b, " ")
		if path.Dir(file) == c.folder() && (f == name || strings.HasSuffix(f, "."+name)) {
			return true
		}
	}
	return false
}

// ourVariable reports whether a variable of this function is given nothing but SQL of ours: here, or if it is an argument,
// by everybody who calls the function.
func (c sqlCheck) ourVariable(name string) bool {
	given, ours := c.ourArgument(name)
	give := func(e ast.Expr) { given, ours = true, ours && c.ours(e) }
	ast.Inspect(c.f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if id, ok := l.(*ast.Ident); ok && id.Name == name {
					if self, ok := n.Rhs[min(i, len(n.Rhs)-1)].(*ast.Ident); !ok || self.Name != name {
						give(n.Rhs[min(i, len(n.Rhs)-1)])
					}
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if id.Name == name && i < len(n.Values) {
					give(n.Values[i])
				}
			}
		case *ast.RangeStmt:
			k, _ := n.Key.(*ast.Ident)
			v, _ := n.Value.(*ast.Ident)
			if isKey := k != nil && k.Name == name; isKey || v != nil && v.Name == name {
				list, ok := n.X.(*ast.CompositeLit)
				given, ours = true, ours && ok
				if !ok {
					return true
				}
				for _, el := range list.Elts {
					if kv, ok := el.(*ast.KeyValueExpr); ok {
						if el = kv.Value; isKey {
							el = kv.Key
						}
					}
					give(el)
				}
			}
		}
		return true
	})
	return given && ours
}

// ourArgument reports whether name is an argument of this function, and whether all who call it give it SQL of ours. Of a
// function that other packages may call nobody knows that.
func (c sqlCheck) ourArgument(name string) (is, ours bool) {
	at := -1
	i := 0
	for _, field := range c.f.Type.Params.List {
		for _, id := range field.Names {
			if id.Name == name {
				at = i
			}
			i++
		}
	}
	if at < 0 {
		return false, true
	}
	if c.f.Name.IsExported() {
		return true, false
	}
	calls := 0
	ours = true
	for _, s := range c.all {
		if s.folder() != c.folder() || s.isTest() {
			continue
		}
		for _, f := range functions(s) {
			caller := sqlCheck{s, c.all, c.consts, s.imports(), f, c.depth}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && called(call) == c.f.Name.Name && len(call.Args) > at {
					calls++
					ours = ours && caller.ours(call.Args[at])
				}
				return true
			})
		}
	}
	return true, ours && calls > 0
}

// called returns the name of the function or method in a call.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func TestSQLIsWrittenOut(t *testing.T) {
	all := sources(t)
	names := consts(all)
	for _, s := range all {
		for _, w := range foreign(s, all, names) {
			t.Error(w)
		}
	}
}

func TestForeignSQLIsSeen(t *testing.T) {
	for name, tt := range map[string]struct {
		body  string
		wrong bool
	}{
		"written out":                          {"q.QueryContext(ctx, `SELECT 1 WHERE a = $1`, a)", false},
		"with constants":                       {"q.QueryContext(ctx, `SELECT ` + columns + ` FROM t WHERE a = $1`, a)", false},
		"sums among what is bound":             {"q.QueryContext(ctx, `SELECT 1 LIMIT $1`, limit + 1)", false},
		"with what the store gives":            {"q.QueryContext(ctx, `SELECT 1 WHERE a IN (` + store.In(1, 3) + `)`, a)", false},
		"with numbers":                         {"q.QueryContext(ctx, `SELECT $` + strconv.Itoa(n))", false},
		"from a variable of ours":              {"query := `SELECT ` + columns; query += ` FOR UPDATE`; q.QueryContext(ctx, query)", false},
		"from a choice of ours":                {"for _, query := range []string{`SELECT 1`, `SELECT 2`} { q.ExecContext(ctx, query) }", false},
		"from a map of ours":                   {"for query, n := range map[string]int{`SELECT 1`: 1} { q.ExecContext(ctx, query, n) }", false},
		"from a builder that is listed":        {"text, args := x.sql(1); q.QueryContext(ctx, text, args...)", false},
		"another Query":                        {"_ = u.Query().Get(a)", false},
		"pieced together":                      {"q.QueryContext(ctx, `SELECT 1 WHERE a = '` + a + `'`)", true},
		"by format":                            {"q.QueryContext(ctx, fmt.Sprintf(`SELECT %s`, a))", true},
		"by join":                              {"q.QueryContext(ctx, `SELECT 1 WHERE ` + strings.Join(b, ` AND `))", true},
		"by a method":                          {"q.ExecContext(ctx, b.String())", true},
		"from an argument":                     {"q.QueryRowContext(ctx, a)", true},
		"from a variable that is not all ours": {"query := `SELECT 1`; query += a; q.QueryContext(ctx, query)", true},
		"from a variable by format":            {"query := fmt.Sprintf(`SELECT %s`, a); q.QueryContext(ctx, query)", true},
		"through a function of ours":           {"g(ctx, q, `a = ` + columns)", false},
		"through a function, from outside":     {"g(ctx, q, a)", true},
		"through a function for everybody":     {"G(ctx, q, `SELECT 1`)", true},
		"from somebody's list":                 {"for _, query := range b { q.ExecContext(ctx, query) }", true},
		"without a context":                    {"q.Exec(`DELETE FROM t WHERE a = ` + a)", true},
		"with a context from a request":        {"q.QueryContext(r.Context(), `SELECT ` + a)", true},
	} {
		t.Run(name, func(t *testing.T) {
			helper := ""
			switch name := tt.body[0]; name {
			case 'g', 'G':
				helper = "func " + string(name) + "(ctx, q any, where string) { q.QueryContext(ctx, `SELECT 1 WHERE ` + where) }"
			}
			s := parse(t, "internal/desk/a_sql.go", "package desk\n\nimport (\n\"fmt\"\n\"strconv\"\n\"strings\"\n\"switchboard/internal/store\"\n)\n\nconst columns = `id, name`\n"+helper+"\nfunc f(ctx any, q any, a string, b []string) {\n"+tt.body+"\n}\n")
			got := foreign(s, []source{s}, consts([]source{s}))
			if (len(got) > 0) != tt.wrong {
				t.Fatalf("seen: %q", got)
			}
			if tt.wrong && !strings.HasPrefix(got[0], "internal/desk/a_sql.go:1") {
				t.Errorf("%q does not say where", got[0])
			}
		})
	}
}

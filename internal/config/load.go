package config

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

const prefix = "SWITCHBOARD_"

// Loaded is what Parse found.
type Loaded struct {
	*kong.Context          // the command that was given; Run runs it
	settings      []*shown // in the order of Config
	ignored       []string // variables that look like ours and are not
}

// shown is a setting and where it came from.
type shown struct {
	flag *kong.Flag
	from string
}

// Parse reads args (without the program's name), the environment (as os.Environ has it) and the file into cli, a pointer to
// a struct in which *Config is embedded. An error is for the person who started the program and names what is wrong.
func Parse(cli any, c *Config, args, environ []string, options ...kong.Option) (*Loaded, error) {
	env, ignored := ours(environ)
	file, err := chosenFile(args, env)
	if err != nil {
		return nil, err
	}
	r := &resolver{env: env, file: file, from: map[string]string{}}
	k, err := kong.New(cli, append([]kong.Option{kong.Resolvers(r), kong.ValueFormatter(r.help)}, options...)...)
	if err != nil {
		return nil, fmt.Errorf("the commands are not made right: %w", err)
	}
	if err := r.known(k.Model, c); err != nil {
		return nil, err
	}
	ctx, err := k.Parse(args)
	if err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	l := &Loaded{Context: ctx}
	for _, f := range r.flags {
		l.settings = append(l.settings, &shown{f, origin(ctx, f, r.from)})
	}
	for _, name := range ignored {
		if !r.isOurs(name) {
			l.ignored = append(l.ignored, name)
		}
	}
	return l, nil
}

// ours picks our variables out of an environment. One that is set to nothing counts as not set.
func ours(environ []string) (env map[string]string, names []string) {
	env = map[string]string{}
	for _, e := range environ {
		name, value, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
			if value != "" {
				env[name] = value
			}
		}
	}
	slices.Sort(names)
	return env, names
}

// variable returns the name of a setting in the environment.
func variable(flag string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// help is the help of a flag, with the name of its variable if it is a setting.
func (r *resolver) help(v *kong.Value) string {
	if v.Flag == nil || !slices.Contains(r.flags, v.Flag) {
		return v.Help
	}
	return strings.TrimSuffix(v.Help, ".") + " ($" + variable(v.Flag.Name) + ")."
}

// chosenFile reads the file that is named or lies in the working folder.
func chosenFile(args []string, env map[string]string) (map[string]setting, error) {
	path, named := env[variable("config")], true
	for i, a := range args {
		if a == "--" {
			break
		}
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			path = v
		} else if a == "--config" && i+1 < len(args) {
			path = args[i+1]
		}
	}
	if path == "" {
		path, named = DefaultFile, false
	}
	file, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil, nil
	}
	return file, err
}

// resolver gives kong what the environment and the file say.
type resolver struct {
	env   map[string]string
	file  map[string]setting
	flags []*kong.Flag      // the fields of Config
	from  map[string]string // by flag
}

// Validate has nothing to do: known has done it.
func (r *resolver) Validate(*kong.Application) error { return nil }

// Resolve returns the value of a setting as it was written.
func (r *resolver) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	if !slices.Contains(r.flags, f) || f.Name == "config" {
		return nil, nil
	}
	s, ok := r.file[f.Name]
	if v := r.env[variable(f.Name)]; v != "" {
		s, ok = setting{v, variable(f.Name)}, true
	}
	if !ok {
		return nil, nil
	}
	r.from[f.Name] = s.origin
	// Tried here once, so that the error can say where the value came from.
	try := reflect.New(f.Target.Type()).Elem()
	if err := f.Parse(kong.ScanFromTokens(kong.Token{Type: kong.FlagValueToken, Value: s.value}), try); err != nil {
		return nil, fmt.Errorf("%s: %w", s.origin, plain(err))
	}
	if f.Enum != "" && !f.EnumMap()[s.value] {
		return nil, fmt.Errorf("%s: %q is none of %s", s.origin, s.value, strings.ReplaceAll(f.Enum, ",", ", "))
	}
	return s.value, nil
}

// plain takes off the flag that kong puts before an error; it is put there again further up.
func plain(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}

// known finds the flags of Config and refuses names in the file that are none.
func (r *resolver) known(app *kong.Application, c *Config) error {
	first, size := reflect.ValueOf(c).Pointer(), reflect.TypeFor[Config]().Size()
	for _, f := range app.Flags {
		if at := f.Target.Addr().Pointer(); at >= first && at < first+size {
			r.flags = append(r.flags, f)
		}
	}
	if len(r.flags) == 0 {
		return errors.New("the commands do not embed config.Config")
	}
	for name, s := range r.file {
		if i := slices.IndexFunc(r.flags, func(f *kong.Flag) bool { return f.Name == name && name != "config" }); i < 0 {
			return fmt.Errorf("%s: %q is not a setting%s; “switchboard config” lists them", s.origin, name, r.nearest(name))
		}
	}
	return nil
}

func (r *resolver) isOurs(name string) bool {
	return slices.ContainsFunc(r.flags, func(f *kong.Flag) bool { return variable(f.Name) == name })
}

// nearest suggests the setting that was probably meant.
func (r *resolver) nearest(name string) string {
	best, least := "", 4
	for _, f := range r.flags {
		if d := distance(strings.ToLower(name), f.Name); d < least {
			best, least = f.Name, d
		}
	}
	if best == "" {
		return ""
	}
	return " (is " + best + " meant?)"
}

// distance counts the letters to change, put in or leave out to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

// origin says where a setting came from: a flag goes before all else.
func origin(ctx *kong.Context, f *kong.Flag, from map[string]string) string {
	for _, p := range ctx.Path {
		if p.Flag == f && !p.Resolved {
			return "--" + f.Name
		}
	}
	if o, ok := from[f.Name]; ok {
		return o
	}
	return "default"
}

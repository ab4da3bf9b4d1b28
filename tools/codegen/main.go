// Command codegen binds a Pulumi package schema, and writes the SDKs that Pulumi's own generators
// make of it.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/hcl/v2"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const usage = `usage: codegen check SCHEMA
       codegen sdk nodejs|go|python SCHEMA FOLDER`

type files = map[string][]byte

var languages = map[string]schema.Language{
	"nodejs": nodejs.Importer, "go": gogen.Importer, "python": python.Importer,
}

var generators = map[string]func(*schema.Package) (files, error){
	"nodejs": func(pkg *schema.Package) (files, error) {
		return nodejs.GeneratePackage("livepull codegen", pkg, nil, nil, true, nil)
	},
	"go": func(pkg *schema.Package) (files, error) {
		return gogen.GeneratePackage("livepull codegen", pkg, nil)
	},
	"python": func(pkg *schema.Package) (files, error) {
		return python.GeneratePackage("livepull codegen", pkg, nil, nil)
	},
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	switch {
	case len(arguments) == 2 && arguments[0] == "check":
		pkg, err := bind(arguments[1])
		if err == nil {
			fmt.Printf("%s: %d resources, %d functions and %d types, all well\n",
				arguments[1], len(pkg.Resources), len(pkg.Functions), len(pkg.Types))
		}
		return err
	case len(arguments) == 4 && arguments[0] == "sdk" && generators[arguments[1]] != nil:
		return write(generators[arguments[1]], arguments[2], arguments[3])
	}
	return errors.New(usage)
}

// bind reads a schema and lets Pulumi judge it. Warnings fail, too: they tell of names that Pulumi
// has reserved and of references that it will drop.
func bind(path string) (*schema.Package, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var spec schema.PackageSpec
	decoder := json.NewDecoder(file)
	// The metaschema lets a misspelled key pass.
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&spec); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	// Another package would be looked for with the loader; this one refers to none.
	pkg, findings, err := schema.BindSpec(spec, schema.NewCachedLoader(nil), schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	for _, finding := range findings {
		severity := map[hcl.DiagnosticSeverity]string{hcl.DiagError: "error", hcl.DiagWarning: "warning"}
		fmt.Fprintf(os.Stderr, "%s: %s %s\n", severity[finding.Severity], finding.Summary, finding.Detail)
	}
	if len(findings) > 0 {
		return nil, fmt.Errorf("%s is not as Pulumi wants it", path)
	}
	return pkg, pkg.ImportLanguages(languages)
}

func write(generate func(*schema.Package) (files, error), path, folder string) error {
	pkg, err := bind(path)
	if err != nil {
		return err
	}
	made, err := generate(pkg)
	if err != nil {
		return err
	}
	for name, text := range made {
		target := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

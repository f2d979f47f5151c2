/// The reference page of the topology file, made from the schemas of its nodes.
public enum ReferencePage {
    /// The page in Markdown; it depends on the schemas and their order only.
    public static func markdown(schemas: [NodeSchema]) -> String {
        var page = [introduction, header, models]
        for kind in NodeKind.allCases {
            let nodes = schemas.filter { $0.kind == kind }
            guard !nodes.isEmpty else { continue }
            page.append("## \(kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst())")
            page += nodes.map(section)
        }
        page.append(values)
        page.append(codes)
        return page.joined(separator: "\n\n") + "\n"
    }

    private static func section(_ schema: NodeSchema) -> String {
        var lines = ["### `\(schema.type)`" + (schema.variant.map { " with `\($0.field): \($0.value)`" } ?? "")]
        lines += ["", schema.documentation, ""]
        if schema.kind != .source {
            let most = schema.maximumInputs == .max ? "" : " (at most \(schema.maximumInputs))"
            lines.append("- Takes: \(schema.inputs.phrase)\(most)")
        }
        if let output = schema.output { lines.append("- Gives: \(output)") }
        for (port, type) in schema.ports.sorted(by: { $0.key < $1.key }) {
            lines.append("- Port `\(port)`: \(type)")
        }
        if !schema.fields.isEmpty { lines += ["", table(schema.fields)] }
        return lines.joined(separator: "\n").replacing("\n\n\n", with: "\n\n")
    }

    private static func table(_ fields: [FieldSchema]) -> String {
        let rows = fields.map { field in
            let value = field.isRequired ? "required" : field.defaultValue.map { "`\($0)`" } ?? "none"
            return
                "| `\(field.name)` | \(cell(field.type.expectation)) | \(cell(value)) | \(cell(field.documentation)) |"
        }
        return (["| Field | Value | Default | Meaning |", "|---|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }

    private static let introduction = """
        # The topology file

        A topology is a YAML mapping with the keys \(HeaderReader.keys.map { "`\($0)`" }.joined(separator: ", ")).
        Nodes stand under `sources`, `stages` and `sinks` by their names: \(Names.form). A node reads others by
        `inputs: [NAME]`, or one of their ports by `NAME.PORT`.
        """

    private static let header = """
        ## Header

        - `version`: the version of the file's form, `\(HeaderReader.version)`; required
        - `name`: the topology's name; required
        - `http`: the host and port at which HTTP is served, such as `127.0.0.1:8080`; or
          a mapping, in which `token: !secret env:NAME` is a bearer token that requests must carry, and
          `write_token: !secret env:NAME` one for requests that change something, none of which is served without it

        `state`:

        \(table(HeaderReader.stateFields))

        `http`, as a mapping:

        \(table(HeaderReader.httpFields))

        `budget`, over all starts together; models in this process cost nothing. When it is spent, jobs wait for a start with a
        larger one:

        \(table(HeaderReader.budgetFields))

        `shuffle`, for a topology that runs in several processes by `gloss run --role`; without a role it changes nothing:

        \(table(HeaderReader.shuffleFields))
        """

    private static let models = """
        ## Models

        An entry under `models:` is a file:

        \(table(ModelReader.fileFields))

        or the tokenizer alone of a model that runs elsewhere, whose activations or codes come in as records:

        \(table(ModelReader.tokenizerFields))

        or a server; `api_key`, where the server wants one, is a secret:

        \(table(ModelReader.endpointFields))
        """

    private static let values = """
        ## Values

        - Values without quotes are what their field makes of them; values in quotes are texts. `yes` and `1:30` are texts, only
          `true` and `false` are truth values.
        - Durations: a whole number and `ms`, `s`, `m`, `h` or `d`. Sizes: a whole number, alone or with `B`, `kB`, `MB`, `GB`, `TB`
          (thousands) or `KiB`, `MiB`, `GiB`, `TiB` (1024s).
        - Latents: `all`, a list, a range `a..b` without `b`, `{ sample: n, seed: s }`, or `{ firing: n }`.
        - `${NAME}` and `${NAME:-default}` are replaced in values (not in keys) by the environment variable; the default also stands in for
          an empty one. What comes out is one text without quotes, never a list or a mapping. `$$` stands for a dollar sign.
        - Secrets: `!secret env:NAME` or `!secret file:PATH`. They are never shown.
        - Anchors and aliases work; an error in an aliased value is shown at its anchor. Merge keys (`<<`) are not supported.
        """

    private static var codes: String {
        let rows = DiagnosticCode.allCases.map { "| \($0.rawValue) | \(cell($0.meaning)) |" }
        return (["## Codes", "", "| Code | Meaning |", "|---|---|"] + rows).joined(separator: "\n")
    }
}

import Testing
import Topology

@Suite struct ReferencePageTests {
    private let page = ReferencePage.markdown(schemas: ExampleSchemas.all)

    @Test func namesEveryNodeFieldAndCode() {
        for schema in ExampleSchemas.all {
            #expect(page.contains("### `\(schema.type)`"))
            #expect(page.contains(schema.documentation))
            for field in schema.fields {
                #expect(page.contains("| `\(field.name)` | "))
                #expect(page.contains(field.documentation))
            }
        }
        for code in DiagnosticCode.allCases { #expect(page.contains("| \(code.rawValue) | ")) }
    }

    @Test func tellsVariantsInputsPortsAndDefaults() {
        #expect(page.contains("### `score` with `method: fuzzing`"))
        #expect(page.contains("- Takes: activations (at most 1)\n- Gives: sparse codes\n"))
        #expect(page.contains("- Port `rejected`: dead letters\n"))
        #expect(
            page.contains("| `window` | a whole number from 4 to 1024 | `32` | The tokens of a window. |\n"))
        #expect(page.contains("| `group` | a text | none | The label of committed offsets. |\n"))
    }

    @Test func keepsTableCellsWhole() {
        let schema = NodeSchema(
            kind: .sink, type: "x", fields: [.optional("f", .word(["a|b"]), default: "a|b", "One\ntwo.")],
            documentation: "D.")
        let page = ReferencePage.markdown(schemas: [schema])
        #expect(page.contains("| `f` | one of `a\\|b` | `a\\|b` | One two. |\n"))
        #expect(!page.contains("## Sources"))
    }

    @Test func hasNoEmptyLinesInARow() {
        #expect(!page.contains("\n\n\n"))
    }
}

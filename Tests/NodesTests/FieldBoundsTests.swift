import Testing

@testable import Nodes
@testable import Topology

/// What the file may give a field, for every field of every kind of node.
@Suite struct FieldBoundsTests {
    /// A field of a kind, by its place in the registry.
    struct Place: CustomTestStringConvertible, Sendable {
        let kind: Int
        let field: FieldSchema

        var definition: any NodeDefinition.Type { NodeRegistry.all[kind] }
        var testDescription: String {
            [definition.schema.type, definition.schema.variant?.value, field.name].compactMap(\.self)
                .joined(separator: " ")
        }
    }

    private static func places(_ takes: (FieldType) -> Bool) -> [Place] {
        NodeRegistry.schemas.enumerated().flatMap { kind, schema in
            schema.fields.filter { takes($0.type) }.map { Place(kind: kind, field: $0) }
        }
    }

    private static let whole = places { if case .integer = $0 { true } else { false } }
    private static let numbers = places { if case .number = $0 { true } else { false } }
    private static let truths = places { $0 == .boolean }
    private static let words = places { type in
        switch type {
        case .word, .list(.word): true
        default: false
        }
    }
    private static let required = places { _ in true }.filter(\.field.isRequired)

    private func refusal(_ text: String, of place: Place) throws -> Diagnostic {
        let read = try LoneNode(place.definition.schema, [place.field.name: text])
        #expect(read.diagnostics.count == 1)
        // What is refused has no value, so that no node can be made with it by mistake.
        #expect(read.node.fields[place.field.name] == nil)
        return try #require(read.diagnostics.first)
    }

    private func accept(_ text: String, of place: Place) throws {
        let read = try LoneNode(place.definition.schema, [place.field.name: text])
        #expect(read.diagnostics.isEmpty)
        _ = try place.definition.init(read.node)
    }

    @Test(arguments: whole) func wholeNumbersAreTakenUpToBothEndsAndNotBeyond(place: Place) throws {
        guard case .integer(let range) = place.field.type else { return }
        try accept("\(range.lowerBound)", of: place)
        try accept("\(range.upperBound)", of: place)
        let above = range.upperBound == .max ? "9223372036854775808" : "\(range.upperBound + 1)"
        let bounds =
            range.upperBound == .max
            ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
        for beyond in ["\(range.lowerBound - 1)", above] {
            let refused = try refusal(beyond, of: place)
            #expect(refused.code == "E302")
            #expect(refused.message == "`\(place.field.name)` of `n` must be a whole number \(bounds), not `\(beyond)`")
        }
        #expect(try refusal("\(range.lowerBound).5", of: place).code == "E301")
    }

    @Test(arguments: numbers) func numbersAreTakenUpToBothEndsAndNotBeyond(place: Place) throws {
        guard case .number(let range) = place.field.type else { return }
        try accept("\(range.lowerBound)", of: place)
        try accept("\(range.upperBound)", of: place)
        for beyond in ["\(range.lowerBound - 0.5)", "\(range.upperBound + 0.5)"] {
            let refused = try refusal(beyond, of: place)
            #expect(refused.code == "E302")
            #expect(
                refused.message == "`\(place.field.name)` of `n` must be a number from \(range.lowerBound) to "
                    + "\(range.upperBound), not `\(beyond)`")
        }
        #expect(try refusal("nan", of: place).code == "E301")
    }

    @Test(arguments: truths) func truthsAreNothingButTrueAndFalse(place: Place) throws {
        try accept("true", of: place)
        try accept("false", of: place)
        let refused = try refusal("yes", of: place)
        #expect(refused.code == "E301")
        #expect(refused.message == "`\(place.field.name)` of `n` must be `true` or `false`, not `yes`")
    }

    @Test(arguments: words) func everyWordIsTakenAndAnotherIsAnsweredWithAllOfThem(place: Place) throws {
        let isList = if case .list = place.field.type { true } else { false }
        let words: [String]
        switch place.field.type {
        case .word(let given), .list(.word(let given)): words = given
        default: return
        }
        #expect(words.count > 1)
        for word in words { try accept(isList ? "[\(word)]" : word, of: place) }
        let refused = try refusal(isList ? "[zebra]" : "zebra", of: place)
        #expect(refused.code == "E305")
        let subject = "\(isList ? "element 1 of " : "")`\(place.field.name)` of `n`"
        let all = words.map { "`\($0)`" }.joined(separator: ", ")
        #expect(refused.message == "\(subject) must be one of \(all), not `zebra`")
    }

    @Test(arguments: required) func whatMustBeGivenIsAskedForAndNoNodeIsMadeWithoutIt(place: Place) throws {
        let schema = place.definition.schema
        let read = try LoneNode(schema, without: place.field.name)
        #expect(read.diagnostics.map(\.code) == ["E206"])
        #expect(read.diagnostics.map(\.message) == ["`n` has no `\(place.field.name)`"])
        #expect(read.diagnostics.allSatisfy { $0.help?.hasPrefix("`\(place.field.name)` must be ") == true })
        #expect(throws: TopologyError.missingField(node: "n", field: place.field.name)) {
            _ = try place.definition.init(read.node)
        }
    }

    /// A default outside its own range would be used, as defaults come out of the schema.
    @Test(arguments: NodeRegistry.schemas.indices) func writingEveryDefaultOutIsTheSameAsLeavingItOut(kind: Int) throws
    {
        let schema = NodeRegistry.all[kind].schema
        var given: [String: String] = [:]
        for field in schema.fields { given[field.name] = field.defaultValue }
        let (written, absent) = (try LoneNode(schema, given), try LoneNode(schema))
        #expect(written.diagnostics.isEmpty && absent.diagnostics.isEmpty)
        #expect(
            "\(written.node.fields.sorted { $0.key < $1.key })" == "\(absent.node.fields.sorted { $0.key < $1.key })")
    }

    @Test func aMisspeltFieldIsAnsweredWithTheOneThatWasMeant() throws {
        let read = try LoneNode(DetectionScoreNode.schema, ["exampels": "3"])
        #expect(read.diagnostics.map(\.code) == ["E205"])
        #expect(read.diagnostics.map(\.message) == ["`n` has no field `exampels`"])
        #expect(read.diagnostics.map(\.help) == ["did you mean `examples`?"])
    }
}

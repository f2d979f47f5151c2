import Testing

@testable import Topology

@Suite struct VariableExpansionTests {
    private static let environment = ["A": "1", "EMPTY": "", "LIST": "[x]", "_B2": "${A}"]

    @Test(arguments: [
        ("", "", false), ("plain", "plain", false), ("${A}", "1", true), ("x${A}y${A}", "x1y1", true),
        ("${EMPTY}", "", true), ("${EMPTY:-d}", "d", true), ("${ABSENT:-}", "", true),
        ("${ABSENT:-a:b-c}", "a:b-c", true),
        ("$$", "$", false), ("$${A}", "${A}", false), ("$$$A", "$$A", false), ("$A", "$A", false), ("a$", "a$", false),
        ("${LIST}", "[x]", true), ("${_B2}", "${A}", true), ("}${A}{", "}1{", true),
    ]) func replaces(written: String, expected: String, isExpanded: Bool) {
        let expansion = VariableExpansion(of: written, in: Self.environment)
        #expect(expansion.text == expected)
        #expect(expansion.isExpanded == isExpanded)
        #expect(expansion.faults.isEmpty)
    }

    @Test(arguments: [
        ("${ABSENT}", VariableExpansion.Fault.unset(name: "ABSENT")), ("${", .malformed(reference: "${")),
        ("x${A", .malformed(reference: "${A")), ("${}", .malformed(reference: "${}")),
        ("${1A}", .malformed(reference: "${1A}")), ("${A:x}", .malformed(reference: "${A:x}")),
        ("${A:-${B}}", .malformed(reference: "${A:-${B}")), ("${A B}", .malformed(reference: "${A B}")),
    ]) func refuses(written: String, fault: VariableExpansion.Fault) {
        #expect(VariableExpansion(of: written, in: Self.environment).faults == [fault])
    }

    @Test func reportsEveryFault() {
        let expansion = VariableExpansion(of: "${X} ${A} ${Y}", in: Self.environment)
        #expect(expansion.faults == [.unset(name: "X"), .unset(name: "Y")])
    }
}

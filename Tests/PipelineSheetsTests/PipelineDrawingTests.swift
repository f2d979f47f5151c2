import Testing

@testable import PipelineSheets

@Suite struct PipelineDrawingTests {
    private var live: PipelineSheet {
        var sheet = PipelineSheet.chain
        sheet.run = .init(
            phase: "running", seconds: 2220, span: 10, turn: 5, records: 100, tokens: 41_200_000, checkpoints: 3)
        for place in sheet.nodes.indices {
            sheet.nodes[place].output = PipelineAmount(total: 5, perSecond: place < 5 ? 18_400 : 0)
            sheet.nodes[place].state = .running
        }
        for place in sheet.edges.indices where sheet.edges[place].port == nil {
            sheet.edges[place].perSecond = sheet.node(sheet.edges[place].from)?.output?.perSecond
        }
        sheet.spend("corpus", busy: 0.02, blocked: 0.95)
        sheet.change("corpus") { $0.state = .blocked }
        sheet.spend("tokens", busy: 0.97, blocked: 0)
        sheet.bottlenecks = Bottleneck.all(in: sheet.nodes, sheet.edges)
        return sheet
    }

    @Test func aFileAloneIsDrawnAsATreeWithWhatGoesAlong() {
        let lines = PipelineDrawing.text.lines(of: .chain, width: 100)
        #expect(lines.count == 11 && lines[3].hasPrefix(" ├─▶ tokens") && lines[3].contains("token contexts"))
        #expect(lines[9].contains("└─▶ results + executed") && lines[10].hasPrefix(" └─▶ (rejected) rejected"))
    }

    @Test func whatFlowsStandsBesideTheNodesAndTheBottleneckBelow() {
        let lines = PipelineDrawing.text.lines(of: live, width: 120)
        #expect(lines[0] == "tiny abcdef01  running for 37 min, rates over 10 s")
        #expect(lines[2].contains("▲ blocked") && lines[2].contains("18.4k") && lines[2].contains("95%"))
        // Held up, flowing, and still.
        #expect(lines[3].contains("═▶ tokens") && lines[4].contains("─▶ residual") && lines[8].contains("┅▶ executed"))
        #expect(
            lines.last == " bottleneck: ingest is as fast as tokens, which works 97% of the time; corpus waits for it")
    }

    @Test(arguments: [20, 40, 60, 80])
    func noLineIsWiderThanTheTerminal(width: Int) {
        #expect(PipelineDrawing.text.lines(of: live, width: width).allSatisfy { $0.count <= width })
    }

    /// A chart is read by its own grammar: nodes are declared once, and edges join what is declared.
    @Test func mermaidDeclaresEachNodeOnceAndJoinsWhatIsDeclared() throws {
        let lines = PipelineDrawing.mermaid.lines(of: live, width: 80)
        #expect(lines.first == "flowchart LR")
        let nodes = lines.compactMap {
            try? #/  (n\d+)(\(\["[^"]*"\]\)|\["[^"]*"\]|\[\["[^"]*"\]\])/#.wholeMatch(in: $0)
        }
        let edges = lines.compactMap { try? #/  (n\d+) (-->|==>|-\.->)\|"[^"]*"\| (n\d+)/#.wholeMatch(in: $0) }
        let comments = lines.count { $0.hasPrefix("  %% ") }
        #expect(nodes.count == 9 && edges.count == 9 && 1 + nodes.count + edges.count + comments == lines.count)
        let declared = Set(nodes.map { String($0.1) })
        #expect(
            declared.count == 9
                && edges.allSatisfy { declared.contains(String($0.1)) && declared.contains(String($0.3)) })
        #expect(edges.first?.2 == "==>" && lines.contains { $0.contains("-.->") })
    }

    @Test func dotQuotesAllAndJoinsWhatIsDeclared() throws {
        let lines = PipelineDrawing.dot.lines(of: live, width: 80)
        #expect(lines.first == "digraph \"tiny\" {" && lines.last == "}")
        let quoted = #/"(?:[^"\\]|\\.)*"/#
        let nodes = lines.compactMap { try? #/  "([^"]*)" \[shape=\w+, label="(?:[^"\\]|\\.)*"\];/#.wholeMatch(in: $0) }
        let edges = lines.compactMap {
            try? #/  "([^"]*)" -> "([^"]*)" \[label="(?:[^"\\]|\\.)*"(, style=\w+)?\];/#.wholeMatch(in: $0)
        }
        #expect(nodes.count == 9 && edges.count == 9)
        let declared = Set(nodes.map { String($0.1) })
        #expect(edges.allSatisfy { declared.contains(String($0.1)) && declared.contains(String($0.2)) })
        // Outside quotes there is no quote left over.
        #expect(lines.allSatisfy { !$0.replacing(quoted, with: "").contains("\"") })
    }

    @Test(arguments: PipelineDrawing.allCases)
    func whatANameHoldsSteersNothing(drawing: PipelineDrawing) {
        var sheet = PipelineSheet.chain
        sheet.topology = "a\"b\\\u{1B}[31m"
        sheet.change("codes") { $0.variant = "x\"]|<i>#\u{202E}" }
        let text = drawing.lines(of: sheet, width: 200).joined(separator: "\n")
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
        switch drawing {
        case .text: break
        case .mermaid: #expect(text.contains("x#quot;]|#lt;i#gt;#35;"))
        case .dot: #expect(text.contains("digraph \"a\\\"b\\\\[31m\""))
        }
    }

    @Test func inputsBesideTheFirstAreNamed() {
        var sheet = PipelineSheet.chain
        sheet.edges.append(PipelineEdge(from: "corpus", to: "codes", carries: "documents", unit: "documents"))
        #expect(PipelineDrawing.text.lines(of: sheet, width: 120).contains { $0.contains("└─▶ codes + corpus") })
    }
}

import PipelineSheets
import Testing

@testable import Dashboard

@Suite struct PipelinePageTests {
    private var sheet: PipelineSheet {
        var sheet = PipelineSheet(
            topology: "tiny", digest: "abcdef01",
            nodes: [
                PipelineNode(id: "corpus", kind: .source, type: "kafka", unit: "documents"),
                PipelineNode(id: "tokens", kind: .stage, type: "tokenize", inputs: ["corpus"], unit: "tokens"),
                PipelineNode(
                    id: "judged", kind: .stage, type: "score", variant: "detection", inputs: ["tokens"],
                    models: ["judge"], hasJobs: true, unit: "scores"),
            ],
            edges: [
                PipelineEdge(from: "corpus", to: "tokens", carries: "documents", unit: "documents"),
                PipelineEdge(from: "tokens", to: "judged", carries: "explanations", unit: "explanations"),
            ], text: "name: <tiny>\napi_key: <secret>\n")
        sheet.deadLetters = [.init(node: "corpus", code: "too-large", count: 1234)]
        return sheet
    }

    private var live: PipelineSheet {
        var sheet = sheet
        sheet.run = .init(
            phase: "running", seconds: 90, span: 10, turn: 5, records: 1200, tokens: 40_000, checkpoints: 2,
            checkpointAge: 4,
            lag: 17)
        sheet.nodes[0].state = .blocked
        sheet.nodes[0].times = PipelineTimes(busy: 0.1, blocked: 0.9, idle: 0, workers: 0.1)
        sheet.nodes[0].output = PipelineAmount(total: 1200, perSecond: 12)
        sheet.edges[0].perSecond = 12
        sheet.nodes[2].state = .away
        sheet.nodes[2].away = PipelineAway(model: "judge", since: "now", seconds: 14)
        sheet.nodes[2].jobs = PipelineJobs()
        sheet.nodes[2].jobs?.waiting = 30
        sheet.bottlenecks = Bottleneck.all(in: sheet.nodes, sheet.edges)
        return sheet
    }

    private func html(_ sheet: PipelineSheet) -> String {
        Dashboard(links: .served, topology: "tiny").pipeline(sheet)
    }

    @Test func aRunIsToldWithItsBottleneckInASentence() {
        let html = html(live)
        #expect(html.contains("data-field=\"verdict\">\(live.verdict ?? "none")<"))
        #expect(live.verdict?.contains("judged waits for judge, away for 14 s") == true)
        #expect(html.contains("1,200 records, 40,000 tokens") && html.contains("17 records wait to be read"))
        #expect(html.contains("▲ blocked") && html.contains("! away for 14 s: judge"))
        #expect(html.contains("data-refresh-always"))
    }

    @Test func thePictureHasABoxForEachNodeAndAnArrowForEachEdge() {
        let html = html(live)
        #expect(html.ranges(of: "<g class=\"box ").count == 3 && html.ranges(of: "<g class=\"edge").count == 2)
        #expect(html.contains("class=\"edge held-up\"") && html.contains(">12 documents/s<"))
        #expect(html.contains(" limit\""))
        // Whatever it shows is in the table as well, for whoever does not see it.
        for node in live.nodes { #expect(html.contains("<tr data-node=\"\(node.id)\">")) }
    }

    @Test func withoutADaemonThePageSaysSoAndHasNoRates() {
        let html = html(sheet)
        #expect(html.contains("No daemon tells what flows") && !html.contains("Busy") && !html.contains("id=\"live\""))
        #expect(html.contains("token") && html.contains(">documents<"))
    }

    @Test func theTopologyIsShownAsTextWithItsDigest() {
        let html = html(sheet)
        #expect(html.contains("name: &lt;tiny&gt;\napi_key: &lt;secret&gt;") && html.contains(">abcdef01<"))
        #expect(html.contains("too-large") && html.contains("1,234"))
    }

    @Test func thePageIsReachedFromEveryOtherThatIsServedAndFromNoFile() {
        #expect(html(sheet).contains("<a href=\"/pipeline\" aria-current=\"page\">Pipeline</a>"))
        #expect(Dashboard(links: .served, topology: "").missing("a", "b").contains("href=\"/pipeline\""))
        #expect(!Dashboard(links: .files(depth: 0), topology: "").missing("a", "b").contains("pipeline"))
    }
}

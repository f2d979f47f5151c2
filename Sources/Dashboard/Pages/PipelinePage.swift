import PipelineSheets
import TerminalText

/// The page that tells what is happening in the topology.
struct PipelinePage {
    let sheet: PipelineSheet
    let links: PageLinks
    let topology: ShownTopology

    /// The whole page.
    var html: String {
        PageFrame(title: "Pipeline", links: links, place: .pipeline, topology: topology).page {
            Markup.element("div", ["class": "heading"]) {
                Markup.element("h1") { "Pipeline" }
                Markup.element("span", ["class": "tools"]) {
                    Markup.element("a", ["href": "/api/v1/pipeline"]) { "JSON" }
                }
            }
            if sheet.run != nil {
                Markup.element("p", ["class": "live"]) {
                    Markup.element("span", ["id": "live"]) { "as of this request" }
                    " "
                    Markup.element("button", ["type": "button", "id": "pause", "hidden": ""]) { "Pause" }
                }
            }
            Markup.element("section", ["aria-label": "Run", "data-refresh": "run", "data-refresh-always": ""]) { run }
            Markup.element(
                "section", ["aria-label": "Graph", "class": "wide", "data-refresh": "graph", "data-refresh-always": ""]
            ) { PipelinePicture(sheet: sheet).markup }
            Markup.element(
                "section", ["aria-label": "Nodes", "class": "wide", "data-refresh": "nodes", "data-refresh-always": ""]
            ) { nodes }
            deadLetters
            text
        }
    }

    @MarkupBuilder private var run: Markup {
        if let run = sheet.run {
            Markup.element("p") {
                Markup.element("b") { run.phase }
                " for \(AmountText.time(run.seconds)): \(Words.count(run.records)) records, \(Words.count(run.tokens)) tokens, "
                "\(Words.count(run.checkpoints)) checkpoints"
                run.checkpointAge.map { ", the latest \(AmountText.time($0)) ago" } ?? ""
                run.lag.map { "; \(Words.count($0)) records wait to be read" } ?? ""
                ". Rates and shares are taken over \(AmountText.time(run.span))."
            }
            Markup.element("p", ["class": "bottleneck"]) {
                Markup.element("b") { sheet.bottlenecks.isEmpty ? "Flow: " : "Bottleneck: " }
                Markup.element("span", ["data-field": "verdict"]) { sheet.verdict ?? "" }
                "."
            }
        } else {
            Markup.element("p") {
                "No daemon tells what flows: this is the topology by which the state was last worked on."
            }
        }
    }

    private var nodes: Markup {
        Markup.element("table", ["class": "nodes"]) {
            Markup.element("caption") { "Nodes" }
            Markup.element("thead") {
                Markup.element("tr") {
                    for (name, meaning) in columns {
                        Markup.element("th", ["scope": "col", "title": meaning]) { name }
                    }
                }
            }
            Markup.element("tbody") { sheet.nodes.map(row) }
        }
    }

    private var columns: KeyValuePairs<String, String> {
        guard sheet.run != nil else {
            return [
                "Node": "its id", "Kind": "its type", "Reads": "its inputs", "To do": "jobs", "Done": "jobs",
                "Given up": "jobs, and records refused",
            ]
        }
        return [
            "Node": "its id", "Kind": "its type", "State": "what it is about", "In": "taken in since the start",
            "In/s": "taken in per second", "Out": "passed on since the start", "Out/s": "passed on per second",
            "Queue": "how full it is, or what waits", "Busy": "share of the time in which it worked",
            "Blocked": "share in which it waited for its readers", "Idle": "share in which it did neither",
            "To do": "jobs, in brackets those worked on", "Done": "jobs", "Given up": "jobs, and records refused",
            "Jobs P50/P99": "how long half and 99 of a hundred took at most, of jobs that ended in the last minute",
            "Calls P50/P99": "the same of calls to the models that it asks, whichever node asked",
        ]
    }

    private func row(_ node: PipelineNode) -> Markup {
        Markup.element("tr", ["data-node": node.id]) {
            Markup.element("th", ["scope": "row"]) { node.id }
            Markup.element("td") { node.operation }
            if sheet.run != nil {
                Markup.element("td", ["class": "state \(node.state?.rawValue ?? "")", "data-field": "state"]) {
                    node.state?.label ?? "?"
                    node.away.map { " for \(AmountText.time($0.seconds)): \($0.name)" } ?? ""
                }
                amounts(node)
                cell(FlowText.queue(node.queue), "queue")
                cell(node.times.map { FlowText.share($0.busy) } ?? "", "busy")
                cell(node.times.map { FlowText.share($0.blocked) } ?? "", "blocked")
                cell(node.times.map { FlowText.share($0.idle) } ?? "", "idle")
            } else {
                Markup.element("td") { node.inputs.joined(separator: ", ") }
            }
            cell(FlowText.jobs(node.jobs), "jobs")
            cell(node.jobs.map { Words.count($0.done) } ?? "", "done")
            cell(FlowText.errors(node), "errors")
            if sheet.run != nil {
                cell(FlowText.durations(node.jobTimes), "job-times")
                cell(FlowText.durations(node.callTimes), "call-times")
            }
        }
    }

    @MarkupBuilder private func amounts(_ node: PipelineNode) -> Markup {
        let isSource = node.kind == .source
        cell(node.input.map { "\(Words.count($0.total))\(isSource ? " records" : "")" } ?? "?", "in")
        cell(FlowText.rate(node.input?.perSecond), "in-rate")
        cell(node.output.map { "\(Words.count($0.total)) \(node.unit ?? "messages")" } ?? "?", "out")
        cell(FlowText.output(node), "out-rate")
    }

    private func cell(_ text: String, _ field: String) -> Markup {
        Markup.element("td", ["class": "number", "data-field": field]) { text }
    }

    @MarkupBuilder private var deadLetters: Markup {
        if !sheet.deadLetters.isEmpty {
            Markup.element("section", ["aria-label": "Dead letters", "data-refresh": "letters"]) {
                Markup.element("h2") { "Dead letters" }
                Markup.element("table") {
                    for letters in sheet.deadLetters {
                        Markup.element("tr") {
                            Markup.element("th", ["scope": "row"]) { letters.node }
                            Markup.element("td") { letters.code }
                            Markup.element("td", ["class": "number"]) { Words.count(letters.count) }
                        }
                    }
                }
            }
        }
    }

    @MarkupBuilder private var text: Markup {
        Markup.element("section", ["aria-label": "Topology"]) {
            Markup.element("h2") { "Topology" }
            Markup.element("p", ["class": "note"]) {
                "digest "
                Markup.element("code", ["data-field": "digest"]) { sheet.digest }
                ", of all that decides what is computed; secrets are left out"
            }
            if let text = sheet.text { Markup.element("pre", ["class": "source"]) { Markup.element("code") { text } } }
        }
    }
}

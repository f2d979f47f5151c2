import Elements
import Foundation
import LatentSheets
import PipelineSheets
import Store
import TerminalText

/// One frame of `gloss top`: lines made of what was read and what is looked at, and of nothing else.
struct TopFrame {
    let look: TopLook
    /// Where it is read from.
    let place: String
    let reading: TopReading
    let state: TopState
    /// Why nothing newer could be read; `nil` if it could.
    var trouble: String?
    /// The lines of a latent that was opened; `nil` until they are there.
    var opened: [String]?
    /// The results of what is followed.
    var tail = TopTail()
    /// What came of a key, until the next one.
    var said: String?
    /// The time by which ages are told.
    var now = Date()

    /// The lines, as many as fit; none is wider than the terminal.
    var lines: [TopLine] {
        let head = head
        var lines: [TopLine]
        if let page {
            let hidden = min(state.scroll, max(0, page.count - 1))
            var shown = page.dropFirst(hidden)
            if case .tail = state.view {
                let room = look.height.map { max(1, $0 - head.count - 2) } ?? page.count
                shown = page.dropLast(hidden).suffix(room)
            }
            lines = head + [TopLine("")] + shown.map { TopLine($0) }
        } else {
            lines = head + tables(below: head.count)
        }
        if let height = look.height {
            lines = Array(lines.prefix(height - 1))
            lines += Array(repeating: TopLine(""), count: max(0, height - 1 - lines.count))
            lines.append(footer)
        }
        return lines.map { look.shown($0.cut(to: look.width)) }
    }

    /// What keys act upon.
    var shown: TopState.Shown {
        TopState.Shown(
            nodes: reading.pipeline?.nodes.map(\.id) ?? [], latents: reading.latents.map(\.key),
            page: max(1, (look.height ?? 24) / 2), lines: page?.count ?? 0)
    }

    // MARK: - The head

    private var head: [TopLine] {
        var lines = [title]
        if let run = reading.pipeline?.run { lines.append(TopLine(" " + amounts(of: run))) }
        lines += reading.coders.map(coder)
        if let verdict = reading.pipeline?.verdict {
            let isHeldUp = reading.pipeline?.bottlenecks.isEmpty == false
            lines += wrapped(verdict, first: isHeldUp ? " bottleneck: " : " ")
                .map { TopLine($0, isHeldUp ? .warning : .plain) }
        }
        if case .tail = state.view, let trouble = tail.trouble {
            lines.append(TopLine(" ! \(trouble); trying again", .bad))
        }
        if let trouble { lines.append(TopLine(" ! \(trouble); trying again", .bad)) }
        return lines
    }

    private var title: TopLine {
        var words = [place]
        if let pipeline = reading.pipeline {
            if let run = pipeline.run { words.append("\(run.phase) \(AmountText.time(run.seconds))") }
            words.append("\(pipeline.topology) \(pipeline.digest.prefix(8))")
        }
        if look.height != nil { words.append(state.isPaused ? "paused" : "every \(AmountText.short(state.every)) s") }
        return TopLine([TopPiece("gloss top  ", .bold), TopPiece(words.joined(separator: " · "))])
    }

    private func amounts(of run: PipelineSheet.Run) -> String {
        let forward = reading.pipeline?.nodes.first { $0.kind == .stage && $0.unit == "tokens" }
        let rate = forward?.output?.perSecond.map { " (\(AmountText.short($0))/s)" } ?? ""
        var words = ["tokens \(AmountText.short(run.tokens))\(rate)", "records \(AmountText.short(run.records))"]
        if let lag = run.lag { words.append("lag \(AmountText.short(lag))") }
        let age = run.checkpointAge.map { ", \(AmountText.time($0)) ago" } ?? ""
        words.append("checkpoints \(AmountText.short(run.checkpoints))\(age)")
        return words.joined(separator: " · ")
    }

    private func coder(_ coder: Overview.Coder) -> TopLine {
        var pieces = [TopPiece(" \(coder.coder.name) "), TopPiece("\(AmountText.short(coder.coder.latents)) latents:")]
        for count in coder.states {
            pieces.append(TopPiece("  \(look.label(count.state.label))", TopStyle(of: count.state)))
            pieces.append(TopPiece(" \(AmountText.short(count.count))"))
        }
        return TopLine(pieces)
    }

    // MARK: - The tables

    private func tables(below head: Int) -> [TopLine] {
        let (nodeHeader, nodes) = NodeRows(look: look).table(of: reading.pipeline).lines(width: look.width - 1)
        let rows = LatentRows(look: look, now: now).table(of: reading.latents)
        let (latentHeader, latents) = rows.lines(width: look.width - 1)
        let isInteractive = look.height != nil
        var lines: [TopLine] = []
        var left = look.height.map { max(4, $0 - head - 1) }
        if !nodes.isEmpty {
            let room = left.map { max(1, min(nodes.count, ($0 - 3) / 2 + max(0, ($0 - 3) / 2 - latents.count))) }
            lines += table(
                nodeHeader, nodes, chosen: isInteractive && state.pane == .nodes ? state.node : nil,
                first: state.node, room: room)
            left = left.map { $0 - lines.count }
        }
        lines.append(TopLine(" " + latentTitle, .bold))
        return lines
            + table(
                latentHeader, latents, chosen: isInteractive && state.pane == .latents ? state.latent : nil,
                first: state.latent, room: left.map { max(1, $0 - 2) })
    }

    /// A header and the rows round the chosen one.
    private func table(_ header: TopLine, _ rows: [TopLine], chosen: Int?, first: Int, room: Int?) -> [TopLine] {
        let count = min(rows.count, room ?? rows.count)
        let start = max(0, min(first - count / 2, rows.count - count))
        return [TopLine([TopPiece(" ")] + header.pieces)]
            + rows[start..<(start + count)].enumerated().map { place, row in
                let isChosen = start + place == chosen
                let line = TopLine([TopPiece(isChosen ? ">" : " ")] + row.pieces)
                return isChosen ? line.styled(.selected) : line
            }
    }

    private var latentTitle: String {
        if let typed = state.typed { return "filter: \(typed)_" }
        let order = state.query.order.rawValue + (state.query.isDescending ? ", turned round" : "")
        let filter = state.query.words.isEmpty ? "" : ", filter “\(state.query.words)”"
        return "\(AmountText.short(reading.found)) of \(AmountText.short(reading.total)) latents by \(order)\(filter)"
    }

    // MARK: - Pages of lines

    /// The lines of what is looked at besides the tables; `nil` where those are.
    private var page: [String]? {
        switch state.view {
        case .tables: nil
        case .help: Self.help
        case .errors: errors
        case .latent(let key): opened ?? ["\(key.written): being read"]
        case .tail(let subject): tailed(subject)
        case .node(let id): reading.pipeline?.node(id).map(NodeLines.lines) ?? ["there is no node \(id)"]
        }
    }

    private func tailed(_ subject: TopSubject) -> [String] {
        guard let lines = tail.lines else { return ["\(subject.name): being read"] }
        return lines.isEmpty ? ["nothing has come of \(subject.name) yet"] : lines
    }

    private var errors: [String] {
        var lines = reading.failures.flatMap { failure in
            ["\(failure.node) gave up \(failure.count): \(failure.reason)"]
                + wrapped(failure.latents.joined(separator: " "), first: "    ")
        }
        for letters in reading.pipeline?.deadLetters ?? [] {
            lines.append("\(letters.node) refused \(letters.count) records: \(letters.code)")
        }
        return lines.isEmpty ? ["nothing was given up or refused"] : lines
    }

    private static let help = [
        "q       leave, or back         ?       these keys",
        "Tab     nodes or latents       Enter   what is known of the chosen one",
        "j k ↓ ↑ move                   g G     first, last",
        "/       filter by words        Esc     back, or no filter",
        "s       sort by the next       r       turn the order round",
        "e       what went wrong        u       pause, go on",
        "t       results as they come   R       try failed jobs again",
        "+ -     oftener, more seldom   Ctrl-L  draw anew",
        "",
        "OUT/s   documents, tokens, explanations or scores that a node passes on per second",
        "QUEUE   how full a node's queue is, or how many messages wait for a sink",
        "BUSY    share of the time in which it works; WAIT> in which it waits for its readers",
        "JOBS    jobs to do and, in brackets, under way",
        "ERR     jobs given up, or records refused",
        "P50/P99 how long half and 99 of a hundred took at most, of jobs that ended in the last minute",
        "EVID    windows kept of a latent, of those asked for",
        "SCORE   value, 95 % interval, verdicts (n) and verdicts that failed (f); ? is not known",
        "CONTROL the latest score of the same node for another latent's explanation",
        "AGE     how long ago that score, or without one the explanation, was made",
        "~ stale the explanation is due to be made again, for the reason in brackets",
    ]

    private var footer: TopLine {
        if let subject = state.retries {
            let name = subject.retried(among: reading.coders.count)
            return TopLine(" have the failed jobs of \(name) tried again?  y yes  any other key no", .warning)
        }
        if let said { return TopLine(" \(said)", .warning) }
        if state.typed != nil { return TopLine(" Enter filter  Esc leave it", .dim) }
        if case .tail(let subject) = state.view {
            return TopLine(" results of \(subject.name)  q back  k j older, newer  R try failed jobs again", .dim)
        }
        let pause = state.isPaused ? "go on" : "pause"
        return TopLine(
            " q quit  ? help  Tab pane  / filter  s sort  r reverse  Enter detail  t tail  R retry  e errors  u \(pause)",
            .dim)
    }

    private func wrapped(_ text: String, first: String) -> [String] {
        var lines: [String] = []
        var line = first
        var isEmpty = true
        for word in PlainText.line(text).split(separator: " ") {
            if !isEmpty, DisplayWidth.of(line) + 1 + DisplayWidth.of(word) > look.width {
                lines.append(line)
                (line, isEmpty) = ("   ", true)
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return isEmpty ? lines : lines + [line]
    }
}

import Foundation
import Observability
import Running
import Synchronization

/// Tells a person what a run is at: in a terminal one line that is kept up to date, else a line now and then.
final class ProgressDisplay: Sendable {
    private struct State {
        var timeLeft = TimeLeft()
        /// What explain and score nodes were last expected to do.
        var expected: [String: TimeLeft.Expectation] = [:]
        var pace = IngestPace()
        var story = RunStory()
        /// What was last written where lines cannot be drawn anew, without the time that is left.
        var told: String?
    }

    private let progress: RunProgress
    private let start = ContinuousClock.now
    private let state = Mutex(State())
    /// The seconds between two lines where they cannot be drawn anew.
    private static let interval = 10

    /// Makes a display.
    init(progress: RunProgress) { self.progress = progress }

    /// Draws once a second until cancelled.
    func run() async {
        var tick = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            let line = next()
            if Terminal.isInteractive {
                Terminal.status(Self.cut(line.text, to: Terminal.errorWidth - 1))
            } else if tick % Self.interval == Self.interval - 1 {
                tellIfNew(line)
            }
            tick += 1
        }
    }

    /// Writes how it stands at the end.
    func finish(_ outcome: RunOutcome) { Notice.write("run", next(ending: outcome).text) }

    private func tellIfNew(_ line: ProgressLine) {
        let isNew = state.withLock { state in
            defer { state.told = line.counted }
            return state.told != line.counted
        }
        if isNew { Notice.write("run", line.text) }
    }

    /// The line now, after what has turned since the last one has been told.
    private func next(ending: RunOutcome? = nil) -> ProgressLine {
        let reading = progress.reading
        let elapsed = ContinuousClock.now - start
        let moment = RunMoment(reading, extents: progress.extents, at: elapsed / .seconds(1))
        let expected = progress.expected
        let (line, turns) = state.withLock { state in
            if expected != state.expected {
                state.expected = expected
                state.timeLeft.expect(expected)
            }
            state.timeLeft.note(moment)
            state.pace.note(moment)
            let turns = state.story.note(
                moment, records: reading.records, scores: reading.scores.values.reduce(0, +))
            let line = ProgressLine(
                reading: reading, moment: moment, rate: state.pace.rate, timeLeft: state.timeLeft.answer,
                shareDone: state.timeLeft.shareDone, ending: ending)
            return (line, turns)
        }
        for turn in turns { Notice.write("run", turn) }
        return line
    }

    private static func cut(_ text: String, to width: Int) -> String {
        text.count > width ? text.prefix(max(1, width - 1)) + "…" : text
    }
}

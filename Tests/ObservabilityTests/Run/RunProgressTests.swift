import Elements
import Foundation
import StateFixtures
import Testing

@testable import Observability

@Suite struct RunProgressTests {
    private let progress = RunProgress()

    private static func choice(_ outcome: ChoiceOutcome) -> Choice {
        Choice(
            challenger: Fixture.hash(2), standing: Fixture.hash(1), node: "lexical", coder: Fixture.coder, latent: 3,
            reason: .grown, outcome: outcome, scores: [], epoch: 4)
    }

    @Test func aRunBeginsAtNothing() {
        #expect(progress.reading == RunProgress.Reading())
        #expect(progress.reading.lastProgress == nil && progress.reading.lastCheckpoint == nil)
    }

    @Test func tokensThatOthersTellOfNeverOverflow() {
        progress.sampled(tokens: 96)
        progress.sampled(tokens: .max)
        progress.sampled(tokens: .max)
        #expect(progress.reading.tokensSampled == .max)
    }

    @Test func eachCountTakesWhatIsItsOwn() {
        progress.read(records: 5, rejected: ["empty", "not-json", "empty"])
        progress.read(records: 2, rejected: [])
        progress.forwarded(tokens: 128)
        progress.forwarded(tokens: 2)
        progress.sampled(tokens: 96)
        progress.explained(3, by: "words")
        progress.explained(1, by: "prose")
        progress.explained(2, by: "words")
        progress.copied(0, by: "words")
        progress.copied(2, by: "prose")
        progress.copied(1, by: "prose")
        progress.scored(4, by: "words")
        progress.chose([Self.choice(.kept), Self.choice(.replaced), Self.choice(.kept)])
        progress.failed(by: "prose", reason: "no answer")
        progress.failed(by: "detected", reason: "refused")
        progress.failed(by: "prose", reason: "cut off")
        progress.checkpointed()
        progress.checkpointed()
        var wanted = RunProgress.Reading()
        wanted.records = 7
        wanted.rejected = ["empty": 2, "not-json": 1]
        wanted.tokens = 130
        wanted.tokensSampled = 96
        wanted.explanations = ["words": 5, "prose": 1]
        wanted.copies = ["prose": 3]
        wanted.scores = ["words": 4]
        wanted.choices = ["kept": 2, "replaced": 1]
        wanted.failures = ["prose": 2, "detected": 1]
        wanted.lastFailures = ["prose": "cut off", "detected": "refused"]
        wanted.checkpoints = 2
        var reading = progress.reading
        #expect(reading.lastProgress != nil && reading.lastCheckpoint != nil)
        (reading.lastProgress, reading.lastCheckpoint) = (nil, nil)
        #expect(reading == wanted)
    }

    @Test func serversAreAwayOnceUntilTheyAnswer() {
        let since = Date(timeIntervalSince1970: 1000)
        progress.asks(["far", "near"])
        #expect(progress.awaits(["far"], since: since))
        #expect(!progress.awaits(["far"], since: Date(timeIntervalSince1970: 2000)))
        progress.asks(["far"])
        #expect(progress.reading.servers.mapValues(\.awaySince) == ["far": since, "near": nil])
        progress.answers(["far"])
        #expect(progress.reading.servers.mapValues(\.awaySince) == ["far": nil, "near": nil])
    }

    @Test func whatWaitsIsTheLatestNumberAndWhatIsHeldAddsUp() {
        for number in [7, 3, 0] { progress.waiting(number, at: "prose") }
        progress.waiting(2, at: "words")
        for node in ["prose", "prose", "words"] { progress.held(by: node) }
        #expect(progress.reading.waiting == ["prose": 0, "words": 2])
        #expect(progress.reading.held == ["prose": 2, "words": 1])
    }

    @Test func scoresOfControlsAreToldApartAndSourcesTellHowFarTheyAreRead() {
        progress.scored(4, by: "meant")
        progress.scored(4, controls: 3, by: "executed")
        #expect(progress.reading.scores == ["meant": 4, "executed": 4] && progress.reading.controls == ["executed": 3])
        progress.read(tokens: 7)
        progress.read(tokensWithCodes: 5)
        #expect(progress.reading.tokensRead == 12 && progress.reading.tokens == 5)
        #expect(progress.extents.isEmpty)
        progress.reads { [SourceExtent(read: 3, left: -1), nil] }
        #expect(progress.extents == [SourceExtent(read: 3, left: 0), nil])
    }

    @Test func onlyWorkThatIsDoneCountsAsProgress() {
        progress.failed(by: "prose", reason: "no answer")
        progress.waiting(3, at: "prose")
        progress.held(by: "prose")
        progress.checkpointed()
        #expect(progress.reading.lastProgress == nil)
        let works: [(RunProgress) -> Void] = [
            { $0.read(records: 1, rejected: []) }, { $0.forwarded(tokens: 1) }, { $0.sampled(tokens: 1) },
            { $0.explained(1, by: "prose") }, { $0.scored(1, by: "run") }, { $0.chose([Self.choice(.confirmed)]) },
        ]
        for work in works {
            let (progress, before) = (RunProgress(), Date())
            work(progress)
            let time = progress.reading.lastProgress
            #expect(time.map { $0 >= before && $0 <= Date() } == true)
            #expect(progress.reading.lastCheckpoint == nil)
        }
    }

    @Test func nodesThatWorkSideBySideLoseNoCount() async {
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask { [progress] in
                    for _ in 0..<500 {
                        progress.read(records: 1, rejected: ["empty"])
                        progress.scored(1, by: "node \(worker % 2)")
                        progress.held(by: "node")
                    }
                }
            }
        }
        let reading = progress.reading
        #expect(reading.records == 4000 && reading.rejected == ["empty": 4000])
        #expect(reading.scores == ["node 0": 2000, "node 1": 2000] && reading.held == ["node": 4000])
    }
}

import Foundation
import Testing

/// Commands that ask a daemon, at addresses where none answers.
@Suite(.timeLimit(.minutes(5))) struct UnansweredAddressTests {
    private static let commands = [
        ["show", "%", "codes/1"], ["top", "%", "--once"], ["graph", "%"], ["tail", "%", "--end"], ["reload", "%"],
    ]
    // Far below the minute that an answer may take, and above what a busy machine takes to start a program.
    private static let soon = Duration.seconds(30)

    private func run(_ command: [String], at port: Int) throws -> (outcome: GlossProgram.Outcome, took: Duration) {
        let clock = ContinuousClock()
        let start = clock.now
        let address = "http://127.0.0.1:\(port)"
        let outcome = try GlossProgram().run(command.map { $0 == "%" ? address : $0 })
        #expect(outcome.errors.contains(address), "\(outcome.errors)")
        return (outcome, clock.now - start)
    }

    @Test(arguments: commands) func whereNobodyListensIsToldAtOnce(command: [String]) throws {
        let (outcome, took) = try run(command, at: try Ports.free())
        #expect(outcome.status == 75, "\(outcome.errors)")
        #expect(outcome.errors.contains("cannot be reached: nobody listens there"), "\(outcome.errors)")
        #expect(outcome.errors.contains("gloss run"), "\(outcome.errors)")
        #expect(took < Self.soon)
    }

    // `gloss tail` waits for events, and for the daemon if it is away.
    @Test(arguments: commands.filter { $0[0] != "tail" })
    func whoTakesConnectionsAndSaysNothingIsNotWaitedFor(command: [String]) throws {
        let server = try SilentServer()
        defer { withExtendedLifetime(server) {} }
        let (outcome, took) = try run(command, at: server.port)
        #expect(outcome.status == 75 && outcome.errors.contains("does not answer"), "\(outcome.errors)")
        #expect(took < Self.soon)
    }
}

import Running
import StateFixtures
import Testing

@Suite struct DaemonErrorTests {
    @Test(arguments: [.configuration, .fence, .unavailable, .runtime] as [DaemonError.Kind])
    func anErrorReadsAsItsDescription(kind: DaemonError.Kind) {
        let error = DaemonError(kind, "the corpus is gone")
        #expect("\(error)" == "the corpus is gone" && error.kind == kind)
    }

    @Test func warningsAreNoticesUnlessSomebodyTellsThemApart() {
        let told = Told()
        var options = RunOptions(cores: 1, notice: told.add)
        options.warning("corpus", "away")
        options.warning = { _, text in told.add("warning: \(text)") }
        options.warning("corpus", "still away")
        #expect(told.lines == ["corpus: away", "warning: still away"])
    }

    @Test(arguments: [(-1, 1), (0, 1), (1, 1), (6, 6)])
    func aRunTakesAtLeastOneCore(asked: Int, taken: Int) {
        #expect(RunOptions(cores: asked) { _, _ in }.cores == taken)
    }
}

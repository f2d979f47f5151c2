import Running
import Testing

@Suite struct DaemonErrorTests {
    /// As sysexits.h has them: EX_CONFIG, EX_DATAERR and EX_SOFTWARE.
    @Test(arguments: [(.configuration, 78), (.fence, 65), (.runtime, 70)] as [(DaemonError.Kind, Int32)])
    func eachKindOfErrorHasItsExitCode(kind: DaemonError.Kind, code: Int32) {
        let error = DaemonError(kind, "the corpus is gone")
        #expect(error.exitCode == code && "\(error)" == "the corpus is gone" && error.kind == kind)
    }

    @Test(arguments: [(-1, 1), (0, 1), (1, 1), (6, 6)])
    func aRunTakesAtLeastOneCore(asked: Int, taken: Int) {
        #expect(RunOptions(cores: asked) { _, _ in }.cores == taken)
    }
}

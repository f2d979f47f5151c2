import Foundation
import Testing

/// Whole runs of different lengths, whose peaks of resident memory are those that the kernel notes of the process.
@Suite(.timeLimit(.minutes(10))) struct FlatMemoryTests {
    /// Runs the command to its end and returns its largest resident size, in bytes.
    private func peak(of arguments: [String]) throws -> Int {
        let program = Folders.programs.appending(path: "gloss").path
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var process = pid_t()
        try #require(posix_spawn(&process, program, &actions, nil, words, environ) == 0)
        var (status, usage) = (Int32(), rusage())
        // Foundation's `Process` does not tell what a child has used.
        try #require(wait4(process, &status, 0, &usage) == process)
        try #require(status == 0)
        return usage.ru_maxrss * 1024
    }

    /// Samples and pool are full after the short run.
    @Test func aCorpusFourTimesAsLargeTakesNoMoreMemoryToExplainAndScore() throws {
        let subject = try TinySubject()
        var peaks: [Int] = []
        for documents in [250, 1000] {
            let corpus = try subject.corpus(documents: documents)
            let path = try subject.topology("d\(documents)", source: "{ type: file, path: \"\(corpus)\" }")
            peaks.append(try peak(of: ["run", path, "--until-drained"]))
        }
        #expect(peaks[0] > 20 << 20)
        #expect(Double(peaks[1]) < 1.25 * Double(peaks[0]), "\(peaks)")
    }
}

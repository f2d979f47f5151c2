import Testing

/// `gloss bench` as a person meets it; what it measures is no matter of tests.
@Suite(.timeLimit(.minutes(5))) struct BenchCommandTests {
    @Test(arguments: [
        (["--corpus", "/nowhere/corpus.ndjson"], "The row tokenise needs documents with text", "Give --corpus"),
        (["--model", "/nowhere/model"], "The row start needs a model with its tokenizer", "Give --model"),
    ])
    func whatIsMissingIsNamedWithTheRowAndTheOption(options: [String], row: String, remedy: String) throws {
        let only = options[0] == "--corpus" ? "tokenise" : "start"
        let outcome = try GlossProgram().run(["bench", "--coder", "/nowhere/coder", "--only", only] + options)
        #expect(outcome.status == 65 && outcome.output.isEmpty)
        #expect(outcome.errors.contains(row) && outcome.errors.contains(remedy), "\(outcome.errors)")
    }

    @Test func aRowThatNeedsNoFileIsMeasuredWithoutOne() throws {
        let outcome = try GlossProgram().run([
            "bench", "--only", "memory", "--rounds", "1", "--model", "/nowhere/model", "--coder", "/nowhere/coder",
            "--corpus", "/nowhere/corpus.ndjson",
        ])
        #expect(outcome.status == 0 && outcome.output.contains("reading memory"), "\(outcome.errors)")
    }
}

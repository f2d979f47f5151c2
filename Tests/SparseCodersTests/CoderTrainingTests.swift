import Testing

@testable import SparseCoders

@Suite struct CoderTrainingTests {
    @Test(arguments: [
        ("gpt2-small", "gpt2"), ("gpt2", "openai-community/gpt2"), ("google/gemma-3-4b-it", "gemma-3-4b-pt"),
        ("pythia-70m-deduped", "EleutherAI/pythia-70m-deduped"), ("meta-llama/Llama-3.1-8B", "Llama-3.1-8B-Instruct"),
        // Names that say nothing.
        ("gemma-2-2b", "subject"), ("gemma-2-2b", "m"), ("", "gpt2"), ("gemma-2-2b", ""),
    ]) func theseMayBeOneModel(trained: String, run: String) {
        #expect(CoderTraining(model: trained).mayBe(model: run))
        #expect(CoderTraining().mayBe(model: run))
    }

    @Test(arguments: [
        ("gemma-2-2b", "gpt2"), ("gemma-2-2b", "google/gemma-2-9b"), ("pythia-70m", "pythia-160m"),
        ("google/gemma-3-4b-it", "gemma-3-12b-it"),
    ]) func theseAreDifferentModels(trained: String, run: String) {
        #expect(!CoderTraining(model: trained).mayBe(model: run))
    }
}

import LinearAlgebra
import Testing

@testable import LinearAlgebra

@Suite struct CPUKernelTests {
    @Test(arguments: [
        ("Prescott", VectorInstructions.avx512, "SkylakeX" as String?), ("Haswell", .avx512, "SkylakeX"),
        ("Zen", .avx512, "SkylakeX"), ("SkylakeX", .avx512, nil), ("Cooperlake", .avx512, nil),
        ("SapphireRapids", .avx512, nil), ("Prescott", .avx2, "Haswell"), ("Sandybridge", .avx2, "Haswell"),
        ("Haswell", .avx2, nil), ("Zen", .avx2, nil), ("Prescott", .baseline, nil), ("neoversen1", .baseline, nil),
        ("Haswell", .avx512vnni, "SkylakeX"), ("SkylakeX", .avx512vnni, nil), ("Prescott", .avxvnni, "Haswell"),
        ("Haswell", .avxvnni, nil),
    ])
    func aBetterCoreIsKnownWhereOpenBLASFellBack(core: String, vector: VectorInstructions, better: String?) {
        let kernel = CPUKernel(core: core, vector: vector)
        #expect(kernel.betterCore(environment: [:]) == better)
        #expect(kernel.betterCore(environment: ["OPENBLAS_CORETYPE": "Prescott"]) == nil)
        let changes = kernel.environmentChanges(environment: [:])
        #expect(changes["OPENBLAS_CORETYPE"] == better)
        #expect(kernel.environmentChanges(environment: changes).isEmpty)
        #expect(kernel.environmentChanges(environment: [CPUKernel.guardVariable: "Haswell"]).isEmpty)
    }

    @Test func vectorKernelsCanBeNamedWhereTheCPUHasThem() throws {
        for name in [nil, ""] { #expect(try VectorInstructions.chosen(named: name) == .fastest) }
        for instructions in VectorInstructions.allCases {
            let name = instructions.rawValue
            if instructions.isSupported {
                #expect(try VectorInstructions.chosen(named: name) == instructions)
            } else {
                let fastest = VectorInstructions.fastest.rawValue
                #expect(throws: LinearAlgebraError.missingInstructions(name: name, fastest: fastest)) {
                    try VectorInstructions.chosen(named: name)
                }
            }
        }
        #expect(throws: LinearAlgebraError.unknownKernels(name: "AVX2")) {
            try VectorInstructions.chosen(named: "AVX2")
        }
    }

    @Test func theChoiceIsTheHighestThatIsThereOrWhatIsNamed() throws {
        let (old, client) = ([VectorInstructions.baseline, .avx2], [VectorInstructions.baseline, .avx2, .avxvnni])
        let server: [VectorInstructions] = [.baseline, .avx2, .avx512, .avx512vnni]
        #expect(try VectorInstructions.chosen(named: nil, of: old) == .avx2)
        #expect(try VectorInstructions.chosen(named: nil, of: client) == .avxvnni)
        #expect(try VectorInstructions.chosen(named: nil, of: server) == .avx512vnni)
        #expect(try VectorInstructions.chosen(named: "avx512", of: server) == .avx512)
        #expect(try VectorInstructions.chosen(named: "avx2", of: client) == .avx2)
        #expect(throws: LinearAlgebraError.missingInstructions(name: "avxvnni", fastest: "avx512vnni")) {
            try VectorInstructions.chosen(named: "avxvnni", of: server)
        }
        #expect(VectorInstructions.allCases.sorted() == VectorInstructions.allCases)
    }

    @Test func setsThatDifferInIntegersOnlyAreOneKernelOfFloats() {
        let kernel = CPUKernel(core: "SkylakeX", vector: .avx512vnni)
        #expect(kernel.floats.description == "SkylakeX+avx512")
        #expect(VectorInstructions.allCases.map(\.floats) == [.baseline, .avx2, .avx2, .avx512, .avx512])
    }

    @Test func theKernelInUseMultipliesRightly() throws {
        try CPUKernel.check()
        #expect(CPUKernel.current.core != "unknown")
        #expect(CPUKernel.current.vector == .best)
        #expect(CPUKernel.library.contains("OpenBLAS"))
    }
}

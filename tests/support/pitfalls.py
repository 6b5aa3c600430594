"""Broken ontologies, one for each check on a pitfall of the OOPS! catalogue."""

_CLASS = "nev:Shade a owl:Class ; rdfs:subClassOf nev:Plant ."
PITFALLS = {
    "pitfall-02-synonyms": ("graph:ontology { nev:Factory owl:equivalentClass nev:Plant . }", {"nev:Factory"}),
    "pitfall-03-is-relation": ("graph:ontology { nev:isA a owl:ObjectProperty . nev:isAt a owl:ObjectProperty . }", {"nev:isA"}),
    "pitfall-04-unconnected": (f"graph:ontology {{ nev:Lonely a owl:Class . {_CLASS} }}", {"nev:Lonely"}),
    "pitfall-05-wrong-inverse": (
        "graph:ontology { nev:shades owl:inverseOf nev:maker ; rdfs:domain nev:Plant ; rdfs:range nev:ManufacturingUnit . "
        "nev:made owl:inverseOf nev:maker ; rdfs:domain nev:Organization ; rdfs:range nev:ManufacturingUnit . }",
        {"nev:shades"},
    ),
    "pitfall-06-cycle": (
        "graph:ontology { nev:Light rdfs:subClassOf nev:Shade . nev:Shade rdfs:subClassOf nev:Light . }",
        {"nev:Light", "nev:Shade"},
    ),
    "pitfall-07-two-in-one": ("graph:ontology { nev:PlantAndMaker a owl:Class . nev:Orchard a owl:Class . }", {"nev:PlantAndMaker"}),
    "pitfall-10-no-disjointness": (f"graph:ontology {{ nev:Lonely a owl:Class . {_CLASS} }}", {"nev:Lonely"}),
    "pitfall-19-several-domains": (
        "graph:ontology { nev:atPlant rdfs:domain nev:Plant . nev:maker rdfs:range nev:Organization . }",
        {"nev:atPlant"},
    ),
    "pitfall-20-label-as-definition": (
        'graph:ontology { nev:Shade rdfs:label "shade"@en ; skos:definition "Shade."@en . '
        'nev:Light rdfs:label "light"@en ; skos:definition "What shades lack."@en . }',
        {"nev:Shade"},
    ),
    "pitfall-21-miscellaneous": ("graph:ontology { nev:OtherPlant a owl:Class . nev:Otherwise a owl:Class . }", {"nev:OtherPlant"}),
    "pitfall-24-recursive-definition": (
        "graph:ontology { nev:Shade owl:equivalentClass [ owl:onProperty nev:maker ; owl:someValuesFrom nev:Shade ] . "
        "nev:Light owl:equivalentClass [ owl:unionOf ( nev:Plant nev:Light ) ] . }",
        {"nev:Shade", "nev:Light"},
    ),
    "pitfall-25-inverse-of-itself": ("graph:ontology { nev:near owl:inverseOf nev:near . nev:far owl:inverseOf nev:near . }", {"nev:near"}),
    "pitfall-26-inverse-of-symmetric": (
        "graph:ontology { nev:near a owl:SymmetricProperty . nev:close owl:inverseOf nev:near . }",
        {"nev:near"},
    ),
    "pitfall-28-wrong-symmetry": (
        "graph:ontology { nev:near a owl:SymmetricProperty ; rdfs:domain nev:Plant ; rdfs:range nev:Place . "
        "nev:close a owl:SymmetricProperty ; rdfs:domain nev:Plant ; rdfs:range nev:Plant . }",
        {"nev:near"},
    ),
    "pitfall-29-wrong-transitivity": (
        "graph:ontology { nev:near a owl:TransitiveProperty ; rdfs:domain nev:Plant ; rdfs:range nev:Place . "
        "nev:close a owl:TransitiveProperty ; rdfs:domain nev:Plant ; rdfs:range nev:Plant . }",
        {"nev:near"},
    ),
    "pitfall-32-label-of-two-classes": (
        'graph:ontology { nev:Factory a owl:Class ; rdfs:label "plant"@en . }',
        {"nev:Factory", "nev:Plant"},
    ),
    "pitfall-33-chain-of-one": (
        "graph:ontology { nev:near owl:propertyChainAxiom ( nev:maker ) . nev:far owl:propertyChainAxiom ( nev:maker nev:parent ) . }",
        {"nev:near"},
    ),
    "pitfall-34-untyped": ("graph:ontology { nev:near rdfs:domain nev:Plamt ; rdfs:range xsd:string . }", {"nev:near"}),
    "pitfall-36-file-extension": (
        "graph:ontology { <https://w3id.org/nevkg/ontology/shade.ttl> a owl:Ontology . mod:shade a owl:Ontology . }",
        {"mod:shade.ttl"},
    ),
    "pitfall-40-foreign-namespace": ("graph:ontology { org:Shade rdfs:isDefinedBy mod:agents . }", {"org:Shade"}),
    "pitfall-41-no-licence": ("graph:ontology { <https://w3id.org/nevkg/ontology/shade> a owl:Ontology . }", {"mod:shade"}),
}

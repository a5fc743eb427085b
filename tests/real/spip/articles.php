<?php
/**
 * How a record of the truth becomes an article, shared by fill.php and change.php.
 */
require __DIR__ . '/spip.php';
foreach (['base/abstract_sql', 'inc/meta', 'inc/config', 'inc/rubriques', 'inc/urls', 'inc/invalideur'] as $house_part) {
    include_spip($house_part);
}

/** One article; the state decides whether anyone may read it. */
function insert(array $record): int
{
    $states = ['publish' => 'publie', 'future' => 'publie', 'draft' => 'prepa', 'pending' => 'prop', 'private' => 'refuse', 'trash' => 'poubelle'];
    $section = section($record['category'], $record['lang']);
    return (int) sql_insertq('spip_articles', [
        'titre' => $record['title'], 'texte' => text($record), 'id_rubrique' => $section, 'id_secteur' => $section,
        'statut' => $states[$record['state']], 'date' => moment($record['published']), 'date_modif' => moment($record['modified']),
        'lang' => $record['lang'], 'langue_choisie' => 'oui', 'accepter_forum' => 'non',
    ]);
}

/** Paragraphs as an editor types them; one of them as a list where the record says so. */
function text(array $record): string
{
    $paragraphs = $record['paragraphs'];
    if ($record['list'] ?? false) {
        $paragraphs[1] = '-* ' . $paragraphs[1];
    }
    return implode("\n\n", $paragraphs);
}

function moment(string $iso): string
{
    return (new DateTimeImmutable($iso))->setTimezone(new DateTimeZone('Europe/Paris'))->format('Y-m-d H:i:s');
}

/** A section of its own for each category and language. */
function section(string $name, string $lang): int
{
    static $known = [];
    if (!isset($known["$lang/$name"])) {
        $found = sql_getfetsel('id_rubrique', 'spip_rubriques', 'titre=' . sql_quote($name));
        if (!$found) {
            $found = sql_insertq('spip_rubriques', ['titre' => $name, 'statut' => 'publie', 'lang' => $lang, 'langue_choisie' => 'oui', 'date' => moment('2019-01-01')]);
            sql_updateq('spip_rubriques', ['id_secteur' => $found], 'id_rubrique=' . $found);
        }
        $known["$lang/$name"] = (int) $found;
    }
    return $known["$lang/$name"];
}

/** What SPIP does after an editor saved: sections get their state, pages that were kept are dropped. */
function settle(): void
{
    calculer_rubriques();
    purger_repertoire(_DIR_CACHE);
    ecrire_meta('derniere_modif', (string) time());
}

function place(int $id): array
{
    return ['id' => $id, 'url' => generer_objet_url_absolue($id, 'article', '', '', true)];
}

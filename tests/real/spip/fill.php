<?php
/**
 * Configures a SPIP and fills it: php fill.php TRUTH.json RESULT.json
 *
 * RESULT gets, for each key of the truth, number and address of the article. SITE_URLS is the kind of addresses: `page`
 * (`spip.php?article12`) or `propres` (`/Titre-de-l-article`).
 */
[, $truth_file, $result_file] = $argv;
require __DIR__ . '/articles.php';
include_spip('inc/plugin');

actualise_plugins_actifs();
$house_config = charger_fonction('config', 'inc');
$house_config();
$house_metas = [
    'adresse_site' => $house_url, 'nom_site' => 'Écoles du Lointain', 'langue_site' => 'fr', 'langues_multilingue' => 'fr,en',
    'multi_articles' => 'oui', 'gerer_trad' => 'oui', 'gerer_trad_objets' => 'spip_articles', 'type_urls' => getenv('SITE_URLS'),
    'post_dates' => 'non', 'syndication_integrale' => 'oui', 'charset' => 'utf-8',
];
foreach ($house_metas as $house_name => $house_value) {
    ecrire_meta($house_name, $house_value);
}
$ids = [];
$by_pair = [];
foreach (json_decode(file_get_contents($truth_file), true) as $record) {
    $ids[$record['key']] = $id = insert($record);
    if ($record['pair']) {
        $by_pair[$record['pair']][] = $id;
    }
}
foreach ($by_pair as $pair) {
    if (count($pair) === 2) {
        sql_updateq('spip_articles', ['id_trad' => $pair[0]], sql_in('id_article', $pair));
    }
}
settle();
file_put_contents($result_file, json_encode(array_map('place', $ids)));

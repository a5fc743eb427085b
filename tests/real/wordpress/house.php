<?php
/**
 * Must-use plugin of the test site: a second language below /en/, notes for search engines, and switches that shut
 * single sources. switches.json beside this file holds {"rest": bool, "sitemap": bool, "feed": bool}.
 */
$house_switches = json_decode(file_get_contents(__DIR__ . '/switches.json'), true);

if (!$house_switches['rest']) {
    add_filter('rest_authentication_errors', fn () => new WP_Error('rest_disabled', 'REST est fermé.', ['status' => 401]));
    remove_action('wp_head', 'rest_output_link_wp_head');
    remove_action('template_redirect', 'rest_output_link_header', 11);
}
if (!$house_switches['sitemap']) {
    add_filter('wp_sitemaps_enabled', '__return_false');
}
if (!$house_switches['feed']) {
    foreach (['do_feed_rss2', 'do_feed_atom', 'do_feed_rdf', 'do_feed_rss'] as $house_feed) {
        add_action($house_feed, fn () => wp_die('Flux fermé.', '', ['response' => 403]), 1);
    }
    remove_action('wp_head', 'feed_links', 2);
    remove_action('wp_head', 'feed_links_extra', 3);
}

/** Whether this request is for the English half. */
function house_english(): bool
{
    return str_starts_with($_SERVER['REQUEST_URI'] ?? '', '/en/');
}

function house_language(int $post): string
{
    return get_post_meta($post, 'lang', true) ?: 'fr';
}

add_filter('post_link', function (string $link, WP_Post $post) {
    return house_language($post->ID) === 'en' ? str_replace(home_url('/'), home_url('/en/'), $link) : $link;
}, 10, 2);

add_action('init', function () {
    add_rewrite_rule('^en/?$', 'index.php?house=en', 'top');
    add_rewrite_rule('^en/page/([0-9]+)/?$', 'index.php?house=en&paged=$matches[1]', 'top');
    add_rewrite_rule('^en/feed/?$', 'index.php?house=en&feed=rss2', 'top');
    add_rewrite_rule('^en/([0-9]{4})/([0-9]{2})/([^/]+)/?$', 'index.php?year=$matches[1]&monthnum=$matches[2]&name=$matches[3]', 'top');
});
add_filter('query_vars', fn (array $names) => [...$names, 'house']);

// lists show one language: the English ones below /en/, the French ones everywhere else
add_action('pre_get_posts', function (WP_Query $query) {
    if (!$query->is_main_query() || is_admin() || $query->is_singular() || defined('REST_REQUEST')) {
        return;
    }
    $query->set('meta_query', [['key' => 'lang', 'value' => house_english() ? 'en' : 'fr']]);
});
add_filter('redirect_canonical', fn ($to) => house_english() ? false : $to);
add_filter('locale', fn (string $locale) => is_admin() ? $locale : (house_english() ? 'en_GB' : 'fr_FR'));
add_filter('language_attributes', fn () => house_english() ? 'lang="en-GB"' : 'lang="fr-FR"');

add_action('wp_footer', function () {
    echo '<nav aria-label="Langues"><a hreflang="fr" href="/">Français</a> <a hreflang="en" href="/en/">English</a></nav>';
});
add_action('wp_head', function () {
    if (!is_singular('post')) {
        return;
    }
    $id = get_queried_object_id();
    $other = (int) get_post_meta($id, 'translation', true);
    foreach ($other ? [$id, $other] : [] as $version) {
        printf('<link rel="alternate" hreflang="%s" href="%s">' . "\n", house_language($version), esc_url(get_permalink($version)));
    }
});
add_filter('wp_robots', function (array $robots) {
    return is_singular() && get_post_meta(get_queried_object_id(), 'noindex', true) ? ['noindex' => true, 'nofollow' => true] : $robots;
});
